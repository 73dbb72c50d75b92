#!/bin/sh
# Verifies a PessDesk bundle without PessDesk: unzip, openssl (3.0 or later), sed, sha256sum and coreutils only.
#
#   verify-bundle.sh BUNDLE [ROOT.pem]
#
# ROOT.pem is the certificate that you trust: the programme authority's, or the card of one laptop.
# Exit: 0 intact and signed under ROOT; 3 intact, but nobody said whom to trust; 1 anything else.
#
# Nothing is unpacked by the archive's own paths: every file is read to a pipe by its name, and the few that are
# kept are named here. What the bundle says of itself (JSON) is not judged; PessDesk does that when it imports.
set -eu
LC_ALL=C
export LC_ALL

fail() {
    printf 'REFUSED: %s\n' "$1" >&2
    exit 1
}

if [ "$#" -lt 1 ] || [ "$#" -gt 2 ]; then
    printf 'usage: verify-bundle.sh BUNDLE [ROOT.pem]\n' >&2
    exit 1
fi
bundle=$1
root=${2-}
case $bundle in /*) ;; *) bundle=./$bundle ;; esac
[ -f "$bundle" ] && [ -r "$bundle" ] || fail "cannot read the bundle $1"
case $bundle in
*[][*?\\]*)
    # unzip takes these for patterns, even in the archive's own name
    fail "rename the file: its path must not contain [ ] * ? or a backslash"
    ;;
esac
if [ -n "$root" ]; then
    case $root in /*) ;; *) root=./$root ;; esac
    [ -f "$root" ] && [ -r "$root" ] || fail "cannot read the certificate $2"
fi
for tool in unzip openssl sed sha256sum mktemp od; do
    command -v "$tool" >/dev/null 2>&1 || fail "the program $tool is missing"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# 1. The archive: whole, no name twice, no name that a bundle does not have.
unzip -tqq "$bundle" >"$work/test" 2>&1 || fail "not a whole ZIP archive"
unzip -Z1 "$bundle" >"$work/names" 2>/dev/null || fail "the archive's list cannot be read"
sort -f "$work/names" >"$work/sorted"
[ -z "$(sort -f "$work/names" | uniq -di)" ] || fail "a name stands twice in the archive"
strange=$(sed -E \
    -e '/^(mimetype|bagit\.txt|bag-info\.txt|manifest-sha256\.txt)$/d' \
    -e '/^data\/(bundle\.json|records\/revisions\.jsonl)$/d' \
    -e '/^data\/attachments\/[0-9a-f]{64}\.[a-z0-9]{1,8}$/d' \
    -e '/^data\/relayed\/[0-9a-f]{64}\.asice$/d' \
    -e '/^META-INF\/(ASiCManifest\.xml|signature001\.p7s)$/d' \
    "$work/names")
[ -z "$strange" ] || fail "the archive holds files that a bundle does not have"
[ "$(sed -n 1p "$work/names")" = mimetype ] || fail "the first file is not mimetype"
# (the headers of a bundle's archive hold nothing but names: 30 and 46 bytes a file, 22 at the end)
unzip -lqq "$bundle" >"$work/sizes" 2>/dev/null || fail "the archive's list cannot be read"
total=22
while read -r size day hour name; do
    total=$((total + size + 76 + 2 * ${#name}))
done <"$work/sizes"
[ "$total" -eq "$(wc -c <"$bundle")" ] || fail "the archive holds bytes that belong to no file"

take() { # NAME FILE: the bytes of one file of the archive
    unzip -p "$bundle" "$1" >"$2" 2>/dev/null || fail "$1 is missing or damaged"
}
take mimetype "$work/mimetype"
printf 'application/vnd.etsi.asic-e+zip' | cmp -s - "$work/mimetype" || fail "mimetype is not that of a bundle"
take META-INF/ASiCManifest.xml "$work/manifest"
take META-INF/signature001.p7s "$work/signature"

# 2. The signature over the manifest. Certificates of laptops are judged when a bundle is received, not today.
openssl cms -cmsout -inform DER -in "$work/signature" -noout -print >"$work/shape" 2>/dev/null ||
    fail "the signature cannot be read"
openssl cms -cmsout -inform DER -in "$work/signature" -outform DER -out "$work/again" 2>/dev/null ||
    fail "the signature cannot be read"
[ "$(wc -c <"$work/signature")" -eq "$(wc -c <"$work/again")" ] || fail "something follows the signature"
[ "$(sed -n '/^ *digestAlgorithm: *$/p' "$work/shape" | wc -l)" -eq 1 ] || fail "there is not exactly one signer"
[ "$(sed -n '/^ *eContent: <ABSENT>$/p' "$work/shape" | wc -l)" -eq 1 ] || fail "the signature is not detached"
# (a digest algorithm's name stands on the line after its field's)
weak=$(sed -n -E '/^ *digestAlgorithms?: *$/{n;/ (sha256|sha384|sha512) /!p;}' "$work/shape")
[ -z "$weak" ] || fail "the signature uses a digest that is too weak"
if [ -n "$root" ]; then
    openssl cms -verify -binary -inform DER -in "$work/signature" -content "$work/manifest" -out /dev/null \
        -cades -CAfile "$root" -no-CApath -no-CAstore -partial_chain -purpose any -no_check_time \
        >"$work/openssl" 2>&1 || fail "the signature is wrong, or not by somebody under $2"
else
    openssl cms -verify -binary -inform DER -in "$work/signature" -content "$work/manifest" -out /dev/null \
        -noverify >"$work/openssl" 2>&1 || fail "the signature is wrong"
fi
content_id=$(sha256sum <"$work/manifest" | cut -c1-64)

# 3. The manifest: exactly the lines that a bundle's has, each file once.
reference='<asic:DataObjectReference URI="\([A-Za-z0-9./-]\{1,120\}\)" MimeType="[a-z0-9.+/-]\{1,80\}"><ds:DigestMethod Algorithm="http:\/\/www\.w3\.org\/2001\/04\/xmlenc#sha256"\/><ds:DigestValue>\([A-Za-z0-9+/]\{43\}=\)<\/ds:DigestValue><\/asic:DataObjectReference>'
cat >"$work/frame" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<asic:SigReference URI="META-INF/signature001.p7s" MimeType="application/pkcs7-signature"/>
</asic:ASiCManifest>
END
sed "/^$reference\$/d" "$work/manifest" | cmp -s - "$work/frame" || fail "the manifest has another form"
sed -n "s/^$reference\$/\\1 \\2/p" "$work/manifest" >"$work/listed"

# 4. The archive holds exactly what is signed.
{
    cut -d ' ' -f 1 "$work/listed"
    printf '%s\n' mimetype META-INF/ASiCManifest.xml META-INF/signature001.p7s
} | sort -f | cmp -s - "$work/sorted" || fail "the archive holds other files than those signed"

# 5. Every file has the digest that is signed.
files=0
: >"$work/bag"
while read -r name digest; do
    wanted=$(printf '%s' "$digest" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
    found=$(unzip -p "$bundle" "$name" 2>/dev/null | sha256sum | cut -c1-64)
    [ "$found" = "$wanted" ] || fail "$name is not what was signed"
    case $name in data/*) printf '%s  %s\n' "$wanted" "$name" >>"$work/bag" ;; esac
    case $name in
    data/attachments/*)
        case $name in
        "data/attachments/$found".*) ;;
        *) fail "$name does not bear the digest of its content" ;;
        esac
        ;;
    esac
    files=$((files + 1))
done <"$work/listed"

take manifest-sha256.txt "$work/bagged"
cmp -s "$work/bag" "$work/bagged" || fail "manifest-sha256.txt says something else than what was signed"

# 6. Other laptops' bundles inside, each by the same road; one level only.
relays=0
while read -r name digest; do
    case $name in data/relayed/*) ;; *) continue ;; esac
    take "$name" "$work/relayed.asice"
    unzip -Z1 "$work/relayed.asice" >"$work/inner" 2>/dev/null || fail "$name is not a whole ZIP archive"
    [ -z "$(sed -n '/^data\/relayed\//p' "$work/inner")" ] || fail "$name carries further bundles"
    status=0
    sh "$0" "$work/relayed.asice" >"$work/account" 2>"$work/why" || status=$?
    [ "$status" -eq 3 ] || fail "$name: $(sed -n 's/^REFUSED: //p' "$work/why")"
    [ "$name" = "data/relayed/$(sed -n 's/^content id: //p' "$work/account").asice" ] ||
        fail "$name does not bear its own content id"
    relays=$((relays + 1))
done <"$work/listed"

printf 'bundle:     %s\n' "$1"
printf 'content id: %s\n' "$content_id"
printf 'files:      %s, each as it was signed\n' "$files"
[ "$relays" -eq 0 ] || printf 'relayed:    %s bundles of other laptops: intact; their signers are not judged here\n' "$relays"
if [ -n "$root" ]; then
    printf 'result:     intact, and signed under %s\n' "$2"
    exit 0
fi
printf 'result:     intact; who signed it was not judged, for no certificate was given\n'
exit 3
