#include "pandapon/tls_advice.hpp"

#include "pandapon/tls_report.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace ordersync::pandapon {
namespace {

constexpr const char* wants_a_certificate =
    "it wants a certificate of this machine, which ordersync has not: check that api.base_url names the public API; "
    "where "
    "a proxy in front of it asks, have it let this machine through without";
constexpr const char* reissue = "nothing here can be set to accept it: whoever runs the server has to replace it";

// The one of the chain that is out of its time, named where it is not the server's own.
std::string advise_on_times(const ssl_st* ssl) {
  const auto* const chain = SSL_get0_verified_chain(ssl);
  for (int i = 1; i < sk_X509_num(chain); ++i) {
    const auto* const issuer = sk_X509_value(chain, i);
    const bool past = X509_cmp_current_time(X509_get0_notAfter(issuer)) < 0;
    if (!past && X509_cmp_current_time(X509_get0_notBefore(issuer)) < 0) continue;
    return fmt::format(
        "it is not the server's own certificate but its issuer's, \"{}\"; check this machine's clock; if that is "
        "right, "
        "the server has to send a newer certificate of that issuer, or api.ca_file or the package ca-certificates has "
        "to "
        "be renewed",
        certificate_name(issuer));
  }
  return "check this machine's clock; if that is right, the server's certificate has to be renewed";
}

std::string advise_on_purpose(long verdict) {
  if (verdict == X509_V_ERR_INVALID_PURPOSE) {
    return fmt::format(
        "it, or one of its issuers, is not meant for servers (extended key usage serverAuth, key usage "
        "digitalSignature); "
        "{} by one for servers",
        reissue);
  }
  return fmt::format(
      "one of its issuers may not issue certificates (basic constraints, key usage); {} by one of another "
      "issuer",
      reissue);
}

}  // namespace

std::string advise_on_certificate(const ssl_st* ssl, long verdict, const core::https_url& address) {
  switch (verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format(
          "it does not name {} among its subject alternative names; check api.base_url, or have it issued for that "
          "name",
          address.host);
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return advise_on_times(ssl);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "it is signed by itself and not trusted here; where that is as it should be, put it into api.ca_file";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "it comes from an authority that this machine does not trust, as behind a proxy that inspects TLS; where "
             "that is as it should be, put that authority's certificate into api.ca_file";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "nobody whom this machine trusts has vouched for it; have the server send its whole chain, or, where its "
             "issuer is to be trusted, put that into api.ca_file";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return fmt::format(
          "{} key is too weak (RSA below 2048 bits, or the like); {} by one with RSA of 2048 bits or EC "
          "P-256",
          verdict == X509_V_ERR_EE_KEY_TOO_SMALL ? "its" : "an issuer's", reissue);
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return fmt::format(
          "it, or one of its issuers, is signed with a digest that is too weak (SHA-1, MD5); {} by one "
          "signed with SHA-256",
          reissue);
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return fmt::format(
          "one of its issuers may not vouch for all the names in it (name constraints); check that {} in "
          "api.base_url is right; if it is, {} by one of an issuer that may",
          address.host, reissue);
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return advise_on_purpose(verdict);
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "it does not fit the issuer of that name that is trusted here: where that authority was made anew, put "
             "its "
             "present certificate into api.ca_file; else it is forged";
    default:
      return fmt::format("it is not as certificates of servers have to be; {}", reissue);
  }
}

std::string advise_on_tls(const ssl_st* ssl, unsigned long error) {
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return wants_a_certificate;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
      return "it has to speak TLS 1.2 or newer: whoever runs the server has to enable that";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_UNEXPECTED_MESSAGE:
      return "what answers there does not speak TLS: check the port in api.base_url, and whether a proxy is in between";
    case SSL_R_DH_KEY_TOO_SMALL:
      return "its Diffie-Hellman parameters are too small to be safe: whoever runs the server has to use 2048 bits, or "
             "ECDHE";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return "it does not serve the name in api.base_url: check that";
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
    case SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED:
    case SSL_R_WRONG_SIGNATURE_TYPE:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
    case SSL_R_BAD_DH_VALUE:
    case SSL_R_BAD_ECPOINT:
      return "its TLS is too old to be safe: whoever runs the server has to update it";
    default:
      break;
  }
  // Whoever wants a certificate says from whom: OpenSSL keeps the list, even an empty one.
  if (SSL_get0_peer_CA_list(ssl) != nullptr) return wants_a_certificate;
  return "it has to speak TLS 1.2 or newer, with a cipher that is not too weak";
}

}  // namespace ordersync::pandapon
