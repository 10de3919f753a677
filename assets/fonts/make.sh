#!/usr/bin/env bash
# Makes the bundled fonts from the Debian packages fonts-inter and fonts-jetbrains-mono.
# Needs pyftsubset (Debian: fonttools, python3-fonttools). Run it in this folder.
set -euo pipefail
inter=/usr/share/fonts/opentype/inter
mono=/usr/share/fonts/truetype/jetbrains-mono
# Latin, Latin-1, Latin Extended-A, Greek, Cyrillic, punctuation, super- and subscripts,
# currency, letterlike, arrows, mathematics, technical, boxes, shapes, ticks and crosses.
unicodes=U+0020-007E,U+00A0-017F,U+02C6-02DD,U+0370-03FF,U+0400-045F,U+2010-2027,U+202F-205F
unicodes+=,U+2070-209F,U+20AC,U+2116,U+2122,U+2190-21FF,U+2200-22FF,U+2318,U+2325,U+23CE
unicodes+=,U+2500-25FF,U+2605,U+2606,U+2713,U+2717,U+27E8,U+27E9,U+FFFD
# Neither calt nor liga: they turn 0x1234 into 0×1234 and -> into an arrow.
subset() {
    SOURCE_DATE_EPOCH=1700000000 pyftsubset "$1" --output-file="$2" --unicodes="$unicodes" \
        --layout-features='kern,mark,mkmk,ccmp,locl,tnum' --name-IDs='*' --no-recalc-timestamp
}
for weight in Regular Medium SemiBold; do
    subset "$inter/Inter-$weight.otf" "Inter-$weight.otf"
done
subset "$mono/JetBrainsMono-Regular.ttf" JetBrainsMono-Regular.ttf
