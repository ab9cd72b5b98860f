#include "pandapon/http/tls_advice.hpp"

#include "pandapon/http/tls_report.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace ordersync::pandapon::http {
namespace {

constexpr const char* reissue = "no setting accepts it: the server's operator has to replace it";

std::string wants_a_certificate(const server_names& names) {
  return fmt::format(
      "the server requires a client certificate, which ordersync does not support: check that {} is the public "
      "address; if a proxy in front of it asks, exempt this machine",
      names.address);
}

// The one of the chain that is out of its time, named where it is not the server's own.
std::string advise_on_times(const ssl_st* ssl, const server_names& names) {
  const auto* const chain = SSL_get0_verified_chain(ssl);
  for (int i = 1; i < sk_X509_num(chain); ++i) {
    const auto* const issuer = sk_X509_value(chain, i);
    const bool past = X509_cmp_current_time(X509_get0_notAfter(issuer)) < 0;
    if (!past && X509_cmp_current_time(X509_get0_notBefore(issuer)) < 0) continue;
    return fmt::format(
        "this is not the server's own certificate but its issuer's, \"{}\"; check this machine's clock; if it is "
        "correct, the server has to send a newer certificate of that issuer, or you have to update {} or the "
        "package ca-certificates",
        certificate_name(issuer), names.ca_file);
  }
  return "check this machine's clock; if it is correct, the server's operator has to renew the certificate";
}

std::string advise_on_purpose(long verdict) {
  if (verdict == X509_V_ERR_INVALID_PURPOSE) {
    return fmt::format(
        "it or one of its issuers is not valid for servers (extended key usage serverAuth, key usage "
        "digitalSignature); {} with one for servers",
        reissue);
  }
  return fmt::format(
      "one of its issuers is not allowed to issue certificates (basic constraints, key usage); {} with one of another "
      "issuer",
      reissue);
}

}  // namespace

std::string advise_on_certificate(const ssl_st* ssl, long verdict, const core::https_url& address,
                                  const server_names& names) {
  switch (verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format(
          "its subject alternative names do not include {}; check {}, or have the certificate issued for that name",
          names.shown(address.host), names.address);
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return advise_on_times(ssl, names);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "it is self-signed and not trusted on this machine; if that is intended, put it into " + names.ca_file;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "its authority is not trusted on this machine, as behind a proxy that inspects TLS; if that is intended, "
             "put the authority's certificate into " +
             names.ca_file;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "its issuer is not trusted on this machine; make the server send its whole chain, or, if you trust the "
             "issuer, put the issuer's certificate into " +
             names.ca_file;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return fmt::format("{} key is too weak (for example RSA below 2048 bits); {} with one with RSA 2048 or EC P-256",
                         verdict == X509_V_ERR_EE_KEY_TOO_SMALL ? "its" : "an issuer's", reissue);
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return fmt::format(
          "it or one of its issuers is signed with a weak digest (SHA-1, MD5); {} with one signed with SHA-256",
          reissue);
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return fmt::format(
          "one of its issuers is not allowed to certify all its names (name constraints); check that {} in {} is "
          "correct; if it is, {} with one of another issuer",
          names.shown(address.host), names.address, reissue);
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return advise_on_purpose(verdict);
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return fmt::format(
          "its signature does not match the trusted issuer of that name: if that authority has a new certificate, put "
          "it into {}; otherwise the certificate is forged",
          names.ca_file);
    default:
      return fmt::format("it is not a valid server certificate; {}", reissue);
  }
}

std::string advise_on_tls(const ssl_st* ssl, unsigned long error, const server_names& names) {
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return wants_a_certificate(names);
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
      return "the server does not support TLS 1.2 or newer: its operator has to enable it";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_UNEXPECTED_MESSAGE:
      return fmt::format("the server does not speak TLS: check the port in {}, and any proxy in between",
                         names.address);
    case SSL_R_DH_KEY_TOO_SMALL:
      return "the server's Diffie-Hellman parameters are too weak: its operator has to use 2048 bits or ECDHE";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return fmt::format("the server does not serve the host name in {}: check it", names.address);
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
    case SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED:
    case SSL_R_WRONG_SIGNATURE_TYPE:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
    case SSL_R_BAD_DH_VALUE:
    case SSL_R_BAD_ECPOINT:
      return "the server's TLS is too old: its operator has to update it";
    default:
      break;
  }
  // Whoever wants a certificate says from whom: OpenSSL keeps the list, even an empty one.
  if (SSL_get0_peer_CA_list(ssl) != nullptr) return wants_a_certificate(names);
  return "the server must support TLS 1.2 or newer with a strong cipher";
}

}  // namespace ordersync::pandapon::http
