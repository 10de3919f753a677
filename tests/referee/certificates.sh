#!/bin/sh
# Makes recordings/certificates.pcapng: two servers of TLS 1.2, each with a chain that says much.
# To be recorded anew: wirestage run -o tests/referee/recordings/certificates.pcapng -- \
#     tests/referee/certificates.sh
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# Whoever signs, and what it may sign for: name, subject, key, extensions.
root() {
    openssl req -x509 -newkey "$3" $4 -nodes -days 3650 -keyout "$1.key" -out "$1.pem" \
        -subj "$2" $5 -extensions nothing -config /dev/stdin <<END
[req]
distinguished_name = empty
[empty]
[nothing]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
END
}

# Whom it vouches for: name, subject, key, issuer, days, extensions on standard input.
issue() {
    openssl req -new -newkey "$3" $4 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" $7 2>/dev/null
    cat >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$5.pem" -CAkey "$5.key" -CAcreateserial -days "$6" \
        -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}

root one-root '/C=DE/O=One/CN=One Root' rsa:2048 2>/dev/null
root two-root '/C=FR/O=Zwei GmbH/CN=Two Root/emailAddress=root@two.test' \
    ec '-pkeyopt ec_paramgen_curve:P-256' 2>/dev/null

issue one-below '/C=DE/O=One/CN=One Below' rsa:2048 '' one-root 1000 <<END
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer:always
certificatePolicies = 2.23.140.1.2.1
nameConstraints = permitted;DNS:one.test
END
issue two-below '/C=FR/O=Zwei GmbH/CN=Two Below/emailAddress=below@two.test' \
    ec '-pkeyopt ec_paramgen_curve:P-384' two-root 500 <<END
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = keyCertSign, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer:always
certificatePolicies = 2.23.140.1.2.2
nameConstraints = excluded;DNS:none.test
END
issue one '/C=DE/L=Ulm/O=One/CN=one.test' rsa:2048 '' one-below 90 <<END
keyUsage = critical, digitalSignature, keyEncipherment, dataEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:one.test, DNS:www.one.test, IP:192.0.2.1, IP:2001:db8::1, email:a@one.test, \
URI:https://one.test/, RID:1.2.3.4
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 2.23.140.1.2.1, 1.3.6.1.4.1.99999.1
authorityInfoAccess = OCSP;URI:http://ocsp.one.test/, caIssuers;URI:http://one.test/below.cer
crlDistributionPoints = URI:http://one.test/below.crl
END
issue two '/C=FR/O=Zwei GmbH/CN=Zwei/emailAddress=b@two.test' ec \
    '-pkeyopt ec_paramgen_curve:P-256' two-below 30 -utf8 <<END
keyUsage = digitalSignature, nonRepudiation, keyAgreement, encipherOnly
extendedKeyUsage = serverAuth, emailProtection
subjectAltName = DNS:two.test, IP:198.51.100.2, IP:2001:db8::2, email:b@two.test, \
URI:https://two.test/, RID:1.2.3.5
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 2.23.140.1.2.2
authorityInfoAccess = caIssuers;URI:http://two.test/below.cer
crlDistributionPoints = URI:http://two.test/below.crl
END

# Each is shown once, to a client that believes its root.
for name in one two; do
    openssl s_server -accept 127.0.0.1:443 -tls1_2 -naccept 1 -quiet -cert "$name.pem" \
        -key "$name.key" -cert_chain "$name-below.pem" -chainCAfile "$name-root.pem" &
    sleep 0.5
    echo "hello, $name" | openssl s_client -connect 127.0.0.1:443 -tls1_2 -quiet \
        -CAfile "$name-root.pem" -servername "$name.test" >/dev/null 2>&1 || true
    wait
done
