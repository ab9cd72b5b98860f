#pragma once
// TLS as the mirror requires it: 1.2 or newer, the peer's certificate trusted and naming the host, and no way to turn
// that off. Hazard: Asio's own host name check accepts a certificate without subjectAltName; the one set here does not.

#include "core/error.hpp"
#include "core/https_url.hpp"
#include "pandapon/http/server_names.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace ordersync::pandapon::http {

// Trusts what the system trusts, and `ca_file` (PEM, empty: none) besides. failure::input where that cannot be read.
// `setting`: what names the file.
core::result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const std::string& ca_file,
                                                                          const std::string& setting = "api.ca_file");

// Before the handshake: names the host to the server (SNI) and demands that the certificate names it in subjectAltName,
// as a DNS name or, for a numeric host, as an IP address. False where OpenSSL cannot (out of memory).
bool expect_host(SSL* ssl, const core::https_url& address);

// After a failed handshake: which check failed, and what to do. `failed` is what the handshake said.
core::error explain_handshake(const SSL* ssl, const core::https_url& address, const boost::system::error_code& failed,
                              const server_names& names = {});

}  // namespace ordersync::pandapon::http
