#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: make_certificates.sh FOLDER
# Makes the certificates and keys of the tests, each as NAME.pem and NAME.key. The build runs it, so
# that no key lies in the repository and nothing there expires. Files for servers have the chain
# that the server shows in one file, the server's own certificate first.
#
#   ca            the authority that the tests trust; stranger-ca is one that they do not
#   good          for 127.0.0.1, ::1 and localhost, by an intermediate authority below ca
#   sibling       as good, by the same intermediate authority, but another certificate and key
#   other         as good, but below ca itself
#   incomplete    as good, but the intermediate authority is left out
#   expired, not-yet-valid, wrong-host, weak (RSA of 1024 bits)
#   expired-issuer  good by itself, but the intermediate authority above it has expired
#   self-signed, stranger (by stranger-ca)
#   everything    expired, for another host, and by stranger-ca
#   client        a client's certificate by ca; client-locked.key is its key under the password
#                 "test password", client-both.pem has certificate and key in one
#   client-stranger   a client's certificate by stranger-ca
set -euo pipefail
mkdir -p "$1"
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

hosts='IP:127.0.0.1,IP:::1,DNS:localhost'
past=20200101000000Z
lately=20200301000000Z
soon=20980101000000Z
far=20990101000000Z

quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }; }

# key NAME [OPTION...]
key() {
    local name=$1
    shift
    [ $# -gt 0 ] || set -- -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1
    quietly openssl genpkey "$@" -out "$name.key"
}

# certificate NAME ISSUER SUBJECT START END EXTENSION...; an ISSUER of the same NAME signs itself.
certificate() {
    local name=$1 issuer=$2 subject=$3 start=$4 end=$5
    shift 5
    local sign=(-cert "$issuer.pem" -keyfile "$issuer.key")
    [ "$name" = "$issuer" ] && sign=(-selfsign -keyfile "$name.key")
    : >"$work/index"
    printf 'unique_subject = no\n' >"$work/index.attr"
    {
        printf '[ca]\ndefault_ca = this\n[this]\ndatabase = %s/index\nnew_certs_dir = %s\n' "$work" "$work"
        printf 'rand_serial = yes\ndefault_md = sha256\npolicy = any\nunique_subject = no\n'
        printf '[any]\ncommonName = supplied\norganizationName = optional\n[more]\n'
        printf '%s\n' "$@"
    } >"$work/ca.cnf"
    quietly openssl req -new -key "$name.key" -subj "$subject" -out "$work/request"
    quietly openssl ca -batch -notext -config "$work/ca.cnf" -extensions more "${sign[@]}" \
        -startdate "$start" -enddate "$end" -in "$work/request" -out "$name.pem"
}

# authority NAME ISSUER SUBJECT [END]
authority() {
    key "$1"
    certificate "$1" "$2" "$3" $past "${4:-$far}" 'basicConstraints = critical,CA:TRUE' \
        'keyUsage = critical,keyCertSign,cRLSign' 'subjectKeyIdentifier = hash'
}

# leaf NAME ISSUER SUBJECT START END NAMES
leaf() {
    [ -e "$1.key" ] || key "$1"
    certificate "$1" "$2" "$3" "$4" "$5" 'basicConstraints = critical,CA:FALSE' \
        'keyUsage = critical,digitalSignature' 'extendedKeyUsage = serverAuth' "subjectAltName = $6"
}

# client NAME ISSUER SUBJECT
client() {
    key "$1"
    certificate "$1" "$2" "$3" $past $far 'basicConstraints = critical,CA:FALSE' \
        'keyUsage = critical,digitalSignature' 'extendedKeyUsage = clientAuth'
}

rm -f ./*.pem ./*.key
authority ca ca '/O=Sightglass/CN=Test authority'
authority stranger-ca stranger-ca '/O=Sightglass/CN=Stranger'
authority between ca '/O=Sightglass/CN=Authority between'
authority between-expired ca '/O=Sightglass/CN=Expired authority' $lately

leaf good between '/CN=good.test' $past $far "$hosts"
cp good.pem incomplete.pem
cp good.key incomplete.key
cat between.pem >>good.pem
leaf sibling between '/CN=sibling.test' $past $far "$hosts"
cat between.pem >>sibling.pem
leaf other ca '/CN=other.test' $past $far "$hosts"
leaf expired ca '/CN=expired.test' $past $lately "$hosts"
leaf not-yet-valid ca '/CN=not-yet-valid.test' $soon $far "$hosts"
leaf wrong-host ca '/CN=wrong-host.test' $past $far 'DNS:a.example.org,DNS:*.example.net'
key weak -algorithm RSA -pkeyopt rsa_keygen_bits:1024
leaf weak ca '/CN=weak.test' $past $far "$hosts"
leaf expired-issuer between-expired '/CN=expired-issuer.test' $past $far "$hosts"
cat between-expired.pem >>expired-issuer.pem
leaf self-signed self-signed '/CN=self-signed.test' $past $far "$hosts"
leaf stranger stranger-ca '/CN=stranger.test' $past $far "$hosts"
leaf everything stranger-ca '/CN=everything.test' $past $lately 'DNS:a.example.org'

client client ca '/O=Sightglass/CN=Test client'
quietly openssl pkey -in client.key -aes256 -passout 'pass:test password' -out client-locked.key
cat client.pem client.key >client-both.pem
client client-stranger stranger-ca '/O=Sightglass/CN=Strange client'
