#pragma once
// What to do about a TLS handshake that failed, by its cause. Pure reading of OpenSSL's state; the thread of the
// connection.

#include "core/https_url.hpp"
#include "pandapon/http/server_names.hpp"

#include <string>

struct ssl_st;

namespace ordersync::pandapon::http {

// After a certificate was refused with that verdict (X509_V_ERR_...).
std::string advise_on_certificate(const ssl_st* ssl, long verdict, const core::https_url& address,
                                  const server_names& names);

// After TLS failed for another reason: `error` is OpenSSL's number for it.
std::string advise_on_tls(const ssl_st* ssl, unsigned long error, const server_names& names);

}  // namespace ordersync::pandapon::http
