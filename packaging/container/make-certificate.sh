#!/bin/sh
# For the demo: a certificate authority and a certificate of the host `simulator` in DIRECTORY, and the day on which the
# simulated orders begin. What is there and still valid for a day stays.
set -eu
umask 022
cd "$1"
if openssl x509 -checkend 86400 -noout -in server.pem >/dev/null 2>&1; then exit; fi
if [ ! -f from ]; then date -u -d '30 days ago' +%F >from; fi

cat >/dev/shm/openssl.cnf <<'CONF'
[req]
distinguished_name = name
prompt = no
[name]
CN = the demo of ordersync
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:simulator
CONF
make() { # EXTENSIONS NAME OPTION...
  extensions=$1 name=$2
  shift 2
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -config /dev/shm/openssl.cnf \
    -extensions "$extensions" -keyout "$name.key" -out "$name.pem" "$@"
}
make authority ca
make server server -CA ca.pem -CAkey ca.key
rm ca.key
# The simulator runs as another user; the key is worth nothing outside of the demo.
chmod 444 server.key
