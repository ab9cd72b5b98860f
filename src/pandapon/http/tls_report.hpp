#pragma once
// What was agreed in a TLS handshake and who signed for it, for people. Pure reading of OpenSSL's state; the thread of
// the connection.

#include "core/time.hpp"

#include <string>
#include <vector>

struct ssl_st;
struct x509_st;

namespace ordersync::pandapon::http {

struct certificate_facts {
  std::string name;  // the subject's common name, or else its organisation; printable ASCII alone
  core::second valid_until{};
};

struct tls_facts {
  std::string version;                   // "TLSv1.3"
  std::vector<certificate_facts> chain;  // as it was verified: the server's first, the trust anchor last
};

// The subject's common name, or else its organisation. Whoever issued the certificate wrote this text: what could act
// on a terminal is left out.
std::string certificate_name(const x509_st* certificate);

// After a handshake that succeeded.
tls_facts read_tls(const ssl_st* ssl);

}  // namespace ordersync::pandapon::http
