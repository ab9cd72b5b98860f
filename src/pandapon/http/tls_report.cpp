#include "pandapon/http/tls_report.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <ctime>

namespace ordersync::pandapon::http {
namespace {

core::second to_second(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  const std::chrono::year_month_day date{std::chrono::year{parts.tm_year + 1900},
                                         std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)},
                                         std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  return std::chrono::sys_days{date} + std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min} +
         std::chrono::seconds{parts.tm_sec};
}

}  // namespace

std::string certificate_name(const x509_st* certificate) {
  const auto* const subject = X509_get_subject_name(certificate);
  for (const int part : {NID_commonName, NID_organizationName}) {
    const int at = X509_NAME_get_index_by_NID(subject, part, -1);
    if (at < 0) continue;
    const auto* const value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    std::string text;
    for (int i = 0; i < ASN1_STRING_length(value); ++i) {
      const auto c = static_cast<char>(ASN1_STRING_get0_data(value)[i]);
      text += c >= ' ' && c < 0x7F ? c : '?';
    }
    if (!text.empty()) return text;
  }
  return "unnamed";
}

tls_facts read_tls(const ssl_st* ssl) {
  tls_facts facts;
  facts.version = SSL_get_version(ssl);
  const auto* const chain = SSL_get0_verified_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const auto* const certificate = sk_X509_value(chain, i);
    facts.chain.push_back({certificate_name(certificate), to_second(X509_get0_notAfter(certificate))});
  }
  return facts;
}

}  // namespace ordersync::pandapon::http
