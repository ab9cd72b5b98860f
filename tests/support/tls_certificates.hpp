// Certificates for tests of TLS: a CA of its own, and servers that are right or wrong in one way each.
// The addresses are 127.0.0.1 and localhost. Everything is made anew for each object (EC keys but for the weak one, a
// few milliseconds).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace ordersync::test_support {

struct server_credentials {
  std::filesystem::path certificate_file;  // PEM
  std::filesystem::path key_file;          // PEM, mode 0600
};

class tls_certificates {
 public:
  // Files are written into `directory`, which must outlive the use of them. Throws std::runtime_error with OpenSSL's
  // words.
  explicit tls_certificates(std::filesystem::path directory);
  ~tls_certificates();
  tls_certificates(const tls_certificates&) = delete;
  tls_certificates& operator=(const tls_certificates&) = delete;

  [[nodiscard]] std::filesystem::path ca_file() const;        // the trust anchor of all servers but the self-signed one
  [[nodiscard]] std::filesystem::path other_ca_file() const;  // a trust anchor that signed nothing

  [[nodiscard]] server_credentials good() const;         // SAN: IP 127.0.0.1, DNS localhost
  [[nodiscard]] server_credentials wrong_host() const;   // SAN: DNS elsewhere.example
  [[nodiscard]] server_credentials expired() const;      // good until yesterday
  [[nodiscard]] server_credentials expiring() const;     // good for ten more days
  [[nodiscard]] server_credentials without_san() const;  // CN localhost alone, as of old
  [[nodiscard]] server_credentials self_signed() const;  // right names, signed by itself
  [[nodiscard]] server_credentials weak_key() const;     // RSA of 1024 bits
  [[nodiscard]] server_credentials weak_digest() const;  // signed with SHA-1
  [[nodiscard]] server_credentials for_clients() const;  // extended key usage clientAuth
  // Issued by authorities that ca_file() vouches for and that are sent along:
  [[nodiscard]] server_credentials of_expired_issuer() const;      // "an expired issuer", until yesterday
  [[nodiscard]] server_credentials of_constrained_issuer() const;  // that may vouch for elsewhere.example alone
  [[nodiscard]] server_credentials of_no_authority() const;        // that is no authority
  [[nodiscard]] server_credentials without_issuer() const;         // that is not sent along

 private:
  struct authority;
  std::filesystem::path directory_;
  std::unique_ptr<authority> authority_;
};

}  // namespace ordersync::test_support
