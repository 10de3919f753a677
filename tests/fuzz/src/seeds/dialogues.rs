//! Dialogues over TCP, written down, and those of the sample recordings with their keys.

use std::path::{Path, PathBuf};

use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::protocol::Framing;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::survey::Survey;

use super::talk;
use crate::input::{Carrier, Input, Turn};

/// A ClientHello of TLS 1.2 and what may answer it.
const HELLO: &str = "Cx 16 0301 0040 01 00003c 0303 \
     0707070707070707070707070707070707070707070707070707070707070707 00 0002 c02f 01 00 \
     0011 0000 000d 000b 00 0008 612e6578616d706c";
const SERVER_HELLO: &str = "Sx 16 0303 002a 02 000026 0303 \
     0808080808080808080808080808080808080808080808080808080808080808 00 c02f 00";

/// By port: what is said.
const DIALOGUES: &[(u16, &[&str])] = &[
    (
        80,
        &[
            "C POST /in HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n",
            "S HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nokay",
            "C HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
            "S HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.0 200 OK\r\n\r\nuntil the end",
        ],
    ),
    (
        8080,
        &[
            "C GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n",
            "Sx 485454502f312e3120323030204f4b0d0a436f6e74656e742d456e636f64696e673a20677a69700d0a436f6e74656e742d4c656e6774683a2032350d0a0d0a \
             1f8b0800000000000003cb48cdc9c9070086a6103605000000",
        ],
    ),
    (
        3128,
        &[
            "C CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n",
            "S HTTP/1.1 200 Connection established\r\n\r\n",
            HELLO,
            SERVER_HELLO,
        ],
    ),
    (
        80,
        &[
            "C GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "S HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
            "Cx 81 85 01020304 696e6f6864",
        ],
    ),
    (
        8081,
        &[
            "Cx 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a 000006 04 00 00000000 0003 00000064 \
             000003 01 05 00000001 828684",
            "Sx 000000 04 01 00000000 000001 01 04 00000001 88 000005 00 01 00000001 68656c6c6f",
            "Cx 000008 06 00 00000000 0102030405060708 000004 08 00 00000000 00000fff 000004 03 00 00000001 00000008 \
             000005 02 00 00000003 00000001 10 000008 07 00 00000000 00000001 00000000",
        ],
    ),
    (443, &[HELLO, SERVER_HELLO, "Sx 15 0303 0002 02 28"]),
    (
        25,
        &[
            "S 220 a.test ESMTP\r\n",
            "C EHLO b.test\r\n",
            "S 250-a.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n",
            "C MAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nDATA\r\n",
            "S 250 ok\r\n250 ok\r\n354 go\r\n",
            "C Subject: hi\r\n\r\ntext\r\n..\r\n.\r\nSTARTTLS\r\n",
            "S 250 queued\r\n220 ready\r\n",
            HELLO,
        ],
    ),
    (
        21,
        &[
            "S 220 ready\r\n",
            "C USER a\r\n",
            "S 331 password\r\n",
            "C PASV\r\n",
            "S 227 Entering (127,0,0,1,4,1)\r\n",
            "C EPSV\r\n",
            "S 229 (|||1025|)\r\n",
            "C AUTH TLS\r\n",
            "S 234 ok\r\n",
            HELLO,
        ],
    ),
    (
        110,
        &[
            "S +OK ready\r\n",
            "C CAPA\r\n",
            "S +OK\r\nSTLS\r\n.\r\n",
            "C RETR 1\r\n",
            "S +OK\r\nText\r\n..\r\n.\r\n",
            "C STLS\r\n",
            "S +OK\r\n",
        ],
    ),
    (
        143,
        &[
            "S * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n",
            "C a1 LOGIN {3}\r\n",
            "S + go\r\n",
            "C abc {2+}\r\nxy\r\n",
            "S a1 OK\r\n",
            "C a2 FETCH 1 (BODY[])\r\n",
            "S * 1 FETCH (BODY[] {5}\r\nhello)\r\na2 OK\r\n",
            "C a3 IDLE\r\n",
            "S + idling\r\n",
            "C DONE\r\n",
        ],
    ),
    (
        1080,
        &[
            "Cx 05 02 00 02",
            "Sx 05 02",
            "Cx 01 01 61 01 62",
            "Sx 01 00",
            "Cx 05 01 00 03 06 612e74657374 0050",
            "Sx 05 00 00 01 c0000201 0050",
            "C GET / HTTP/1.1\r\n\r\n",
            "S HTTP/1.1 204 No\r\n\r\n",
        ],
    ),
    (
        1080,
        &[
            "Cx 04 01 0050 00000001 61 00 612e74657374 00",
            "Sx 00 5a 0050 c0000201",
            "C GET / HTTP/1.0\r\n\r\n",
        ],
    ),
    (8443, &["C PROXY TCP4 10.0.0.1 10.0.0.2 4000 443\r\n", HELLO]),
    (
        80,
        &[
            "Cx 0d0a0d0a000d0a515549540a 21 11 0013 0a000001 0a000002 0fa0 0050 03 0004 01020304",
            "C GET / HTTP/1.1\r\n\r\n",
        ],
    ),
    (
        53,
        &[
            "Cx 001d 0a34 0100 0001 0000 0000 0000 07 6578616d706c65 03 6e6574 00 0001 0001",
            "Sx 002d 0a34 8180 0001 0001 0000 0000 07 6578616d706c65 03 6e6574 00 0001 0001 c00c 0001 0001 0000003c 0004 c0000201",
        ],
    ),
    (
        5432,
        &[
            "Cx 00000008 04d2162f",
            "S N",
            "Cx 00000014 00030000 7573657200 61 00 00 00000000",
            "Sx 52 00000008 00000000 5a 00000005 49",
            "Cx 51 0000000d 73656c6563742031 00",
            "Sx 43 0000000d 53454c4543542031 00 5a 00000005 49",
            "Cx 58 00000004",
        ],
    ),
    (
        3306,
        &[
            "Sx 1a000000 0a 382e302e31 00 01000000 6162636465666768 00 ffff 21 0200",
            "Cx 20000001 058aae00 00000001 21 0000000000000000000000000000000000000000000000 61 00 00",
            "Sx 07000002 00 00 00 0200 0000",
            "Cx 09000000 03 73656c6563742031",
            "Sx 01000001 01",
        ],
    ),
    (
        389,
        &[
            "Cx 300c 02 01 01 60 07 02 01 03 04 00 80 00",
            "Sx 300c 02 01 01 61 07 0a 01 00 04 00 04 00",
            "Cx 301d 02 01 02 77 18 80 16 312e332e362e312e342e312e313436362e3230303337",
            "Cx 3034 02 01 03 63 2f 04 04 64633d74 0a 01 02 0a 01 00 02 01 00 02 01 00 01 01 00 a0 10 a3 08 04 02 636e 04 02 6162 87 04 6d61696c 30 06 04 04 6d61696c",
            "Sx 3020 02 01 03 64 1b 04 04 636e3d78 30 13 30 11 04 04 6d61696c 31 09 04 01 61 04 01 62 04 01 63",
        ],
    ),
    (
        5222,
        &[
            "C <?xml version='1.0'?><stream:stream to='a.test' xmlns='jabber:client'>",
            "S <stream:stream id='1'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
            "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            HELLO,
        ],
    ),
    (
        22,
        &[
            "S SSH-2.0-OpenSSH_9.6\r\n",
            "C SSH-2.0-test\r\n",
            "Cx 00000054 04 14 0102030405060708090a0b0c0d0e0f10 00000004 61616161 00000001 62 00000001 62 00000001 63 00000001 63 00000001 64 00000001 64 00000000 00000000 00 00000000 00000000 00000000",
        ],
    ),
    (
        23,
        &[
            "Sx fffd18 fffb01 fffd1f",
            "Cx fffb18 fffa18 00 7874657266 fff0",
            "S login: ",
            "C root\r\n",
        ],
    ),
    (
        445,
        &[
            "Cx 00000044 fe534d42 4000 0000 00000000 0000 0100 00000000 00000000 0000000000000000 00000000 00000000 0000000000000000 00000000000000000000000000000000 2400 0000",
            "Sx 00000023 ff534d42 72 00000000 98 01c8 0000 0000000000000000 0000 0000 0100 0000 0000 00 0000",
        ],
    ),
    (
        111,
        &[
            "Cx 80000028 12345678 00000000 00000002 000186a0 00000002 00000004 00000000 00000000 00000000 00000000",
            "Sx 8000001c 12345678 00000001 00000000 00000000 00000000 00000000 00000000",
        ],
    ),
    (1883, &["Cx 10 0d 0004 4d515454 04 02 003c 0001 61", "Sx 20 02 00 00"]),
    (
        20_000,
        &[
            "Cx 05640bc40a0001000000c0c1013c02060000",
            "Sx 0564284401000a00000040c18180000707070707070707070707000007070707070707070707070707070707000007070700000564074401000a00000081090000",
        ],
    ),
    (
        44_818,
        &[
            "Cx 6500 0400 00000000 00000000 0000000000000001 00000000 01000000",
            "Sx 6500 0400 07000000 00000000 0000000000000001 00000000 01000000",
            "Cx 6f00 1e00 07000000 00000000 0000000000000002 00000000 00000000 0000 0200 0000 0000 b200 0e00 5202 2006 2401 0a05 0400 0e01 2001",
            "Cx 7000 2a00 07000000 00000000 0000000000000000 00000000 00000000 0000 0200 a100 0400 01000000 b100 1600 0500 0a02 2002 2401 0200 0600 0a00 0e01 2001 0e01 2001",
            "Sx 7000 1a00 07000000 00000000 0000000000000000 00000000 00000000 0000 0200 a100 0400 01000000 b100 0600 0500 8a00 0000",
        ],
    ),
    (
        502,
        &[
            "Cx 0001 0000 0006 01 03 0028 0002 0002 0000 0005 01 2b 0e 01 00",
            "Sx 0001 0000 0007 01 03 04 00070100 0002 0000 000d 01 2b 0e 01 01 00 00 01 00 03 416263",
            "Sx 0003 0000 0003 01 86 02",
        ],
    ),
    (
        179,
        &[
            "Cx ffffffffffffffffffffffffffffffff 002b 01 04 fde9 00b4 c0000201 0e 020c 01040002 0001 4104 0000fde9",
            "Sx ffffffffffffffffffffffffffffffff 0013 04 ffffffffffffffffffffffffffffffff 002d 02 0002 080a 0010 40010100 4002 06 0201 0000fde9 c00800 18c00002",
            "Cx ffffffffffffffffffffffffffffffff 0015 03 0602",
        ],
    ),
    (
        102,
        &[
            "Cx 0300 0016 11 e0 0000 0001 00 c0010a c1020100 c2020102",
            "Sx 0300 0016 11 d0 0001 0001 00 c0010a c1020100 c2020102",
            "Cx 0300 0019 02f000 32 01 0000 0001 0008 0000 f0 00 0001 0001 0300 04 02f080 04",
            "Sx 0300 001b 02f080 32 03 0000 0001 0008 0000 0000 f0 00 0001 0001 00f0",
        ],
    ),
    (
        6667,
        &[
            "C CAP LS\r\nNICK a\r\nUSER a 0 * :A b\r\n",
            "S :s.test NOTICE * :hi\r\nPING :x\r\n@t=1 :s.test 001 a :Welcome\r\n",
            "C PONG :x\r\nSTARTTLS\r\n",
            "S :s.test 670 a :go on\r\n",
            HELLO,
        ],
    ),
    (
        61_613,
        &[
            "C CONNECT\naccept-version:1.2\nheart-beat:0,9\n\n\0",
            "S CONNECTED\nversion:1.2\n\n\0\n",
            "C SEND\ndestination:/a\nreceipt:r\ncontent-length:3\n\na\0b\0SUBSCRIBE\nid:0\ndestination:/a\n\n\0",
            "S RECEIPT\nreceipt-id:r\n\n\0MESSAGE\nmessage-id:7\ndestination:/a\n\na\0\r\n",
            "C ACK\nid:7\n\n\0DISCONNECT\n\n\0",
            "S ERROR\nmessage:no\n\n\0",
        ],
    ),
    (6379, &["C *1\r\n$4\r\nPING\r\n", "S +PONG\r\n"]),
    (
        1883,
        &[
            "Cx 102000044d51545405ee003c05110000000900016100000177000178000175000170",
            "Sx 2006000003210014",
            "Cx 82090001000003612f232d",
            "Sx 900400010002",
            "Cx 34130003612f6200020a2600016b00017601016869",
            "Sx 50020002400400021000",
            "Cx 62020002e0020400",
        ],
    ),
    (
        6379,
        &[
            "C *3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nhello\r\n*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nc\r\nPING\r\n",
            "S +OK\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n%1\r\n+k\r\n*2\r\n$-1\r\n,1.5\r\n|1\r\n+a\r\n#t\r\n=7\r\ntxt:abc\r\n-ERR no\r\n",
        ],
    ),
    (
        11211,
        &[
            "C set a 5 60 5\r\nhello\r\nget a b\r\nstats\r\nms k 2\r\nhi\r\n",
            "S STORED\r\nVALUE a 5 5\r\nhello\r\nEND\r\nSTAT pid 1\r\nEND\r\nHD\r\n",
            "Cx 8001000300000000000000080000000700000000000000006b657976616c7565",
            "Sx 810100000000000200000006000000070000000000000000657869737473",
        ],
    ),
    (
        9092,
        &[
            "Cx 00000014001200030000000100026d6500046c6962026100",
            "Sx 0000001300000001000002000000000009000000000000",
            "Cx 0000002c000000030000000200026d65ffff0001000001000000000100046c6f67730000000100000000000000026869",
            "Sx 0000002c000000020000000100046c6f6773000000010000000000030000000000000000ffffffffffffffff00000000",
            "Cx 00000018000300090000000300026d650002056c6f67730001000000",
            "Sx 00000047000000030000000000020000000505686f737400002384000003696400000005020003056c6f677300020000000000000000000500000001020000000501010000000000000000",
            "Cx 000000770000000300000009000474657374ffff0001000001000000000100046c6f677300000001000000000000004b00000000000000070000003f0000000502aabbccdd00000000000000000000000003e800000000000003e8ffffffffffffffffffffffffffff000000011a000000026b04686902026e0276",
        ],
    ),
    (
        5672,
        &[
            "Cx 414d515000000901",
            "Sx 0100000000002f000a000a000900000013016e530000000178017446000000040162740100000005504c41494e00000005656e5f5553ce",
            "Cx 01000100000010003c00280000046c6f677303612e6200ce02000100000014003c000000000000000000029000047465787402ce030001000000026869ce",
            "Sx 0100010000000d001400280194026e6f00000000ce08000000000000ce",
        ],
    ),
    (
        27017,
        &[
            "Cx 6b0000000100000000000000dd0700000000000000400000000266696e64000200000063000366696c746572001c000000106100010000000b72007800690005620001000000007a000224646200020000006400000118000000646f6373000c000000106e000000000000",
            "Sx 350000000200000001000000dd070000000000000020000000016f6b000000000000000000026572726d736700030000006e6f0000",
            "Cx 360000000300000000000000d407000000000000612e24636d64000000000000000000130000001069734d6173746572000100000000",
            "Sx 2e00000004000000030000000100000000000000000000000000000000000000000000000a000000086f6b000100",
        ],
    ),
    (
        4222,
        &[
            "S INFO {\"server_id\":\"x\"}\r\n",
            "C CONNECT {\"verbose\":true}\r\nPING\r\nSUB a.* q 1\r\nPUB ask in.1 2\r\nhi\r\nHPUB a 22 24\r\nNATS/1.0\r\nKey: one\r\n\r\nhi\r\n",
            "S +OK\r\nPONG\r\nMSG in.1 1 2\r\nhi\r\n-ERR 'no'\r\n",
        ],
    ),
    (
        5060,
        &[
            "C OPTIONS sip:a SIP/2.0\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
            "S SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        ],
    ),
    (7, &["C hello", "S hello"]),
    (40_000, &["Cx 00010203", "S \u{fffd}"]),
];

/// Certificates packed, one with a false claim, and an authority's word on one, good and revoked.
const WORDS: &[&str] = &[
    "Cx 160303002d0100002903030707070707070707070707070707070707070707070707070707070707070707000002c02b0100",
    "Sx 160303002a020000260303080808080808080808080808080808080808080808080808080808080808080800c02b00160303015c19000158000100018b00015078da6360ec60606c3568626c0462f505cc4c8c4c4c22feada549776e68e82af34a6bcedfb3e36260671e9301171b87569bc7395b16662603314311032136e65016661eeed48ac4dc829c54bdfca2740339715e23334343234b0303430b13c328715e6310d70ccac5a92fd240988d1d6c3a1323d41a66467666270696c090f037afa226c5ade612717898bb71f9e3dd9fce7f7111defb7f75448bcb2b86859c0d8c2b3a4a66e51b846d75d4298b7abd30f7e01b8f165ea37cf1a36767ce970a5f1c6c1068200bb452968f458c45442177d219efb9715754d99fdc8fb067f02adaa52662200f9256669130106bc0ae801fa4409891f13f0bab013390420e0b660f0603572605de2d5d5209deda4f6aa7267d7009acd2637272d32b9fbe2dd32c522470a663a22b9322c3d19cb7bf17cd5aeefff9cdbf7535650755e3b9974cdfc6b75a64c1f20b4d952a657a008f0c7ddb",
    "Sx 160303015c19000158000100000700015078da6360ec60606c3568626c0462f505cc4c8c4c4c22feada549776e68e82af34a6bcedfb3e36260671e9301171b87569bc7395b16662603314311032136e65016661eeed48ac4dc829c54bdfca2740339715e23334343234b0303430b13c328715e6310d70ccac5a92fd240988d1d6c3a1323d41a66467666270696c090f037afa226c5ade612717898bb71f9e3dd9fce7f7111defb7f75448bcb2b86859c0d8c2b3a4a66e51b846d75d4298b7abd30f7e01b8f165ea37cf1a36767ce970a5f1c6c1068200bb452968f458c45442177d219efb9715754d99fdc8fb067f02adaa52662200f9256669130106bc0ae801fa4409891f13f0bab013390420e0b660f0603572605de2d5d5209deda4f6aa7267d7009acd2637272d32b9fbe2dd32c522470a663a22b9322c3d19cb7bf17cd5aeefff9cdbf7535650755e3b9974cdfc6b75a64c1f20b4d952a657a008f0c7ddb1603030114160001100100010c308201080a0100a08201013081fe06092b06010505073001010481f03081ed308193a21604142f4526c76a0b728a99c4b32cd0265be23228cfa1180f32303236313133303136323733375a30683066303e300906052b0e03021a050004145950bd7e2481744bdac109ab17544dd32cb15e1a04142f4526c76a0b728a99c4b32cd0265be23228cfa1020512345678908000180f32303236313133303136323733375aa011180f32303236313230373136323733375a300a06082a8648ce3d04030203490030460221008923ed41d8e5bf3583ecfa62b2dc451ba4702c3cb62fe0f912c0a9b324316643022100abd83dd746a0a8947c7b45b774c962c0a823da101fa1e6620b881f3bd6faf327",
    "Sx 16030301131600010f0100010b308201070a0100a08201003081fd06092b06010505073001010481ef3081ec308194a11430123110300e06035504030c07536f6d65204341180f32303236313133303136323733375a306b3069303e300906052b0e03021a050004145950bd7e2481744bdac109ab17544dd32cb15e1a04142f4526c76a0b728a99c4b32cd0265be23228cfa102051234567890a116180f32303236313130313030303030305aa0030a0101180f32303236313133303136323733375a300a06082a8648ce3d040302034700304402201857467de7ac2e46a262ac913952e39b12b0f29cd9440e7c232ed2481bb0967402202127511f099dc80d10222b2b7284fe3805ce86d9c6b9a851d01cacfb30d049c4",
];

/// All of them.
pub(super) fn seeds() -> Vec<Input> {
    let mut found: Vec<Input> =
        DIALOGUES.iter().map(|(port, said)| talk(Carrier::Tcp(*port), said)).collect();
    found.extend(samples(&[""]));
    found
}

/// Those with a server on one of these ports, and the samples whose names begin so.
pub(super) fn of(ports: &[u16], names: &[&str]) -> Vec<Input> {
    let chosen = DIALOGUES.iter().filter(|(port, _)| ports.contains(port));
    let mut found: Vec<_> = chosen.map(|(port, said)| talk(Carrier::Tcp(*port), said)).collect();
    found.extend(samples(names));
    found
}

/// What samples of TLS 1.2 say as far as the certificate, which goes in the clear, and what else is
/// said of certificates.
pub(super) fn certificates() -> Vec<Input> {
    let mut found = samples(&["tls12-", "tls-ocsp-stapling"]);
    for input in &mut found {
        input.turns.truncate(match input.carrier {
            Carrier::Tcp(_) => 2,
            _ => usize::MAX,
        });
    }
    found.push(talk(Carrier::Tcp(443), WORDS));
    found
}

/// Certificates of servers and of clients, chains of them, and those that are not taken.
pub(super) fn chains() -> Vec<Input> {
    [certificates(), samples(&["tls12-mtls", "tls13-mtls", "tls-failures", "https-tls12"])].concat()
}

/// What the samples say whose names begin so, and their frames.
pub(super) fn samples(names: &[&str]) -> Vec<Input> {
    let mut found = Vec::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/recordings");
    let is_meant = |path: &PathBuf| {
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        let name = folder.to_string_lossy();
        names.iter().any(|begin| name.starts_with(begin))
    };
    for path in crate::store::below(&samples).into_iter().filter(is_meant) {
        let Ok(recording) = Recording::open(&path) else { continue };
        found.extend(said(&recording));
        found.extend(crate::store::read(&path, crate::store::MOST_FRAMES));
    }
    found
}

/// What is said in the first flow of a recording, without its headers.
fn said(recording: &Recording) -> Option<Input> {
    let survey = Survey::of(recording, standard());
    let (id, flow) = survey.live_flows().next()?;
    let mut turns = Vec::new();
    for frame in (0..survey.frame_count()).map(FrameId) {
        let Some(row) = survey.row(frame).filter(|row| row.flow == id) else { continue };
        let bytes = recording.frame(frame).bytes;
        let from = usize::from(row.payload_at);
        let payload = bytes.get(from..from + row.payload_len as usize).unwrap_or_default();
        if !payload.is_empty() {
            let is_client = bytes.get(34..36) != Some(&flow.ports().ports[1].to_be_bytes()[..]);
            turns.push(Turn { is_client, after: 1_000, link: 1, bytes: payload.to_vec() });
        }
    }
    let ports = flow.ports();
    let carrier = match ports.framing {
        Framing::Stream => Carrier::Tcp,
        Framing::Datagram => Carrier::Udp,
    };
    let mut input = Input::new(carrier(ports.ports[1]), turns);
    input.secrets = recording.secrets_text().into();
    Some(input)
}
