#include "pandapon/http/tls.hpp"

#include "pandapon/http/tls_advice.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace ordersync::pandapon::http {
namespace {

namespace ssl = boost::asio::ssl;

core::error refuse_ca_file(const std::string& setting, const std::string& file,
                           const boost::system::error_code& failed) {
  return core::make_error(core::failure::input, fmt::format("{} {} is invalid: {}; it must contain PEM certificates",
                                                            setting, file, failed.message()));
}

}  // namespace

core::result<std::shared_ptr<ssl::context>> make_tls_context(const std::string& ca_file, const std::string& setting) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  boost::system::error_code failed;
  context->set_verify_mode(ssl::verify_peer, failed);
  if (!failed) context->set_default_verify_paths(failed);
  if (failed) return core::make_error(core::failure::input, "cannot initialize TLS: " + failed.message());
  if (!ca_file.empty()) context->load_verify_file(ca_file, failed);
  if (failed) return refuse_ca_file(setting, ca_file, failed);
  return context;
}

bool expect_host(SSL* ssl, const core::https_url& address) {
  auto* const wanted = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (address.is_ip_address()) return X509_VERIFY_PARAM_set1_ip_asc(wanted, address.host.c_str()) == 1;
  // SSL_set_tlsext_host_name is a macro that casts the old way; this is what it does.
  return X509_VERIFY_PARAM_set1_host(wanted, address.host.data(), address.host.size()) == 1 &&
         SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  const_cast<char*>(address.host.c_str())) == 1;
}

core::error explain_handshake(const SSL* ssl, const core::https_url& address, const boost::system::error_code& failed,
                              const server_names& names) {
  const auto shown = names.shown(address.authority());
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK) {
    return core::make_error(
        core::failure::untrusted,
        fmt::format("the certificate of {} is not accepted ({}): {}; nothing was sent", shown,
                    X509_verify_cert_error_string(verdict), advise_on_certificate(ssl, verdict, address, names)));
  }
  return core::make_error(core::failure::unreachable,
                          fmt::format("the TLS handshake with {} failed: {}; {}", shown, failed.message(),
                                      advise_on_tls(ssl, static_cast<unsigned long>(failed.value()), names)));
}

}  // namespace ordersync::pandapon::http
