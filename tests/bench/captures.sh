#!/usr/bin/env bash
# Makes the captures that the comparison with tshark reads, from real servers and clients on
# loopback, in a network namespace made here, with a bounded number of requests:
#   http.pcap                about 1.4 M packets: HTTP/1.1, nginx and h2load
#   https.pcap (+ .keys)     about 1.1 M packets: TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2, nginx and curl
# Needs root, and: nginx-light curl openssl nghttp2-client tcpdump ethtool iproute2
#   sudo tests/bench/captures.sh DIR
set -euo pipefail
dir=$(realpath -m "${1:?usage: captures.sh DIR}")
mkdir -p "$dir/server/www/s"
if [[ ${IN_NAMESPACE:-} != 1 ]]; then
  for one in http https; do
    [[ -s $dir/$one.pcap ]] || IN_NAMESPACE=1 unshare -n bash "$0" "$dir" "$one"
  done
  exit
fi
what=$2
ip link set lo up mtu 1500
ethtool -K lo tso off gso off gro off >/dev/null 2>&1 || true
cd "$dir/server"
[[ -f cert.pem ]] || openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
  -days 3650 -subj /CN=localhost 2>/dev/null
echo '{"n":1}' > www/1.json
for i in 1 2 3 4 5 6 7 8 9; do
  openssl rand -base64 $((i * 4000)) > "www/s/$i"
done
cat > nginx.conf <<N
worker_processes 1; pid $PWD/nginx.pid; error_log $PWD/nginx.err crit; user root;
events { worker_connections 2000; }
http {
  access_log off; default_type text/plain; root $PWD/www; keepalive_requests 1000000;
  client_body_temp_path $PWD/t1; proxy_temp_path $PWD/t2; fastcgi_temp_path $PWD/t3;
  uwsgi_temp_path $PWD/t4; scgi_temp_path $PWD/t5;
  ssl_certificate $PWD/cert.pem; ssl_certificate_key $PWD/key.pem; ssl_protocols TLSv1.2 TLSv1.3;
  server { listen 127.0.0.1:8080; }
  server { listen 127.0.0.1:8443 ssl; }
  server { listen 127.0.0.1:8444 ssl http2; }
}
N
nginx -c "$PWD/nginx.conf"
rm -f "$dir/$what.part"
tcpdump -i lo -s 0 -B 400000 -w "$dir/$what.part" tcp 2>tcpdump.log & dump=$!
sleep 1
case $what in
http)
  for round in 1 2 3 4; do for path in 1.json s/1 s/3 missing; do
    h2load --h1 -n 15000 -c 20 -t 1 "http://127.0.0.1:8080/$path?r=$round" >/dev/null
  done; done ;;
https)
  export SSLKEYLOGFILE=$dir/https.keys; rm -f "$SSLKEYLOGFILE"
  for round in $(seq 1 112); do
    old=(); ((round % 3)) || old=(--tls-max 1.2)
    curl -skZ --parallel-max 8 --max-time 60 --http1.1 "${old[@]}" \
      "https://127.0.0.1:8443/s/[1-10]?r=$round&q=[1-20]" >/dev/null 2>&1 || true
    curl -skZ --parallel-max 16 --max-time 60 --http2 "${old[@]}" -H "x-round: $round" \
      "https://127.0.0.1:8444/s/[1-10]?r=$round&q=[1-20]" >/dev/null 2>&1 || true
  done ;;
esac
sleep 2; kill -INT $dump; wait $dump || true
kill "$(cat nginx.pid)"
mv "$dir/$what.part" "$dir/$what.pcap"
