#include "support/tls_certificates.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace ordersync::test_support {
namespace {

namespace fs = std::filesystem;

template <auto free_function>
struct freed_by {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using file_ptr = std::unique_ptr<std::FILE, freed_by<std::fclose>>;

void check(bool worked, const std::string& what) {
  if (worked) return;
  const char* reason = ERR_reason_error_string(ERR_get_error());
  throw std::runtime_error{"cannot " + what + ": " + (reason != nullptr ? reason : "unknown")};
}

constexpr long day = 24L * 60 * 60;

struct description {
  std::string common_name;
  std::string subject_alternative_names;  // in OpenSSL's notation; empty for none
  bool is_authority = false;
  long from = -2 * day;  // seconds from now
  long until = 30 * day;
  bool weak_key = false;
  bool weak_digest = false;
  std::string purpose = "serverAuth";  // of no authority
  std::string may_vouch_for;           // of an authority, as name constraints; empty: everything
};

struct identity {
  key_ptr key;
  certificate_ptr certificate;
};

void add_extension(X509* certificate, X509* issuer, int which, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_ptr extension{X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str())};
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add the extension " + value);
}

void set_names_and_times(X509* certificate, const description& of, X509* issuer) {
  X509_set_version(certificate, X509_VERSION_3);
  std::uint32_t serial = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "draw a serial number");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), of.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), of.until);
  const auto* name = reinterpret_cast<const unsigned char*>(of.common_name.c_str());
  check(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1,
        "set the common name");
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
}

// Signed by `issuer`, or by itself where there is none.
identity make(const description& of, const identity* issuer) {
  identity made{key_ptr{of.weak_key ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256")}, certificate_ptr{X509_new()}};
  check(made.key && made.certificate, "make a key");
  X509* const certificate = made.certificate.get();
  X509* const signer = issuer != nullptr ? issuer->certificate.get() : certificate;
  set_names_and_times(certificate, of, signer);
  X509_set_pubkey(certificate, made.key.get());
  add_extension(certificate, signer, NID_basic_constraints, of.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension(certificate, signer, NID_subject_key_identifier, "hash");
  if (of.is_authority) {
    add_extension(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    add_extension(certificate, signer, NID_ext_key_usage, of.purpose);
  }
  if (!of.may_vouch_for.empty()) add_extension(certificate, signer, NID_name_constraints, of.may_vouch_for);
  if (!of.subject_alternative_names.empty()) {
    add_extension(certificate, signer, NID_subject_alt_name, of.subject_alternative_names);
  }
  EVP_PKEY* const signing_key = issuer != nullptr ? issuer->key.get() : made.key.get();
  check(X509_sign(certificate, signing_key, of.weak_digest ? EVP_sha1() : EVP_sha256()) > 0, "sign a certificate");
  return made;
}

file_ptr open_for_writing(const fs::path& path) {
  file_ptr file{std::fopen(path.c_str(), "w")};
  if (!file) throw std::runtime_error{"cannot write " + path.string()};
  fs::permissions(path, fs::perms{0600});
  return file;
}

fs::path write_certificate(const identity& of, const fs::path& path) {
  check(PEM_write_X509(open_for_writing(path).get(), of.certificate.get()) == 1, "write " + path.string());
  return path;
}

server_credentials write(const identity& of, const fs::path& directory, const std::string& name) {
  const auto key_file = directory / (name + ".key");
  check(
      PEM_write_PrivateKey(open_for_writing(key_file).get(), of.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "write " + key_file.string());
  return {write_certificate(of, directory / (name + ".pem")), key_file};
}

constexpr const char* right_names = "IP:127.0.0.1,DNS:localhost";

// A right server of that issuer, which is sent along where `sent`.
server_credentials write_with_issuer(const description& issuer, const identity& ca, const fs::path& directory,
                                     const std::string& name, bool sent = true) {
  const auto middle = make(issuer, &ca);
  const auto server = make({.common_name = "a test's server", .subject_alternative_names = right_names}, &middle);
  auto credentials = write(server, directory, name);
  if (!sent) return credentials;
  const file_ptr chain{std::fopen(credentials.certificate_file.c_str(), "a")};
  check(chain && PEM_write_X509(chain.get(), middle.certificate.get()) == 1, "write the issuer of " + name);
  return credentials;
}

}  // namespace

struct tls_certificates::authority {
  identity ca =
      make({.common_name = "a test's authority", .subject_alternative_names = "", .is_authority = true}, nullptr);
};

tls_certificates::tls_certificates(fs::path directory)
    : directory_{std::move(directory)}, authority_{std::make_unique<authority>()} {}
tls_certificates::~tls_certificates() = default;

fs::path tls_certificates::ca_file() const {
  return write_certificate(authority_->ca, directory_ / "ca.pem");
}

fs::path tls_certificates::other_ca_file() const {
  return write_certificate(authority{}.ca, directory_ / "other-ca.pem");
}

server_credentials tls_certificates::good() const {
  return write(make({.common_name = "a test's server", .subject_alternative_names = right_names}, &authority_->ca),
               directory_, "good");
}

server_credentials tls_certificates::wrong_host() const {
  return write(
      make({.common_name = "localhost", .subject_alternative_names = "DNS:elsewhere.example"}, &authority_->ca),
      directory_, "wrong-host");
}

server_credentials tls_certificates::expired() const {
  return write(make({.common_name = "a test's server",
                     .subject_alternative_names = right_names,
                     .from = -10 * day,
                     .until = -day},
                    &authority_->ca),
               directory_, "expired");
}

server_credentials tls_certificates::expiring() const {
  return write(make({.common_name = "a test's server", .subject_alternative_names = right_names, .until = 10 * day},
                    &authority_->ca),
               directory_, "expiring");
}

server_credentials tls_certificates::without_san() const {
  return write(make({.common_name = "localhost", .subject_alternative_names = ""}, &authority_->ca), directory_,
               "without-san");
}

server_credentials tls_certificates::self_signed() const {
  return write(make({.common_name = "localhost", .subject_alternative_names = right_names}, nullptr), directory_,
               "self-signed");
}

server_credentials tls_certificates::weak_key() const {
  return write(make({.common_name = "a test's server", .subject_alternative_names = right_names, .weak_key = true},
                    &authority_->ca),
               directory_, "weak-key");
}

server_credentials tls_certificates::weak_digest() const {
  return write(make({.common_name = "a test's server", .subject_alternative_names = right_names, .weak_digest = true},
                    &authority_->ca),
               directory_, "weak-digest");
}

server_credentials tls_certificates::for_clients() const {
  return write(
      make({.common_name = "a test's server", .subject_alternative_names = right_names, .purpose = "clientAuth"},
           &authority_->ca),
      directory_, "for-clients");
}

server_credentials tls_certificates::of_expired_issuer() const {
  return write_with_issuer({.common_name = "an expired issuer", .is_authority = true, .from = -10 * day, .until = -day},
                           authority_->ca, directory_, "of-expired-issuer");
}

server_credentials tls_certificates::of_constrained_issuer() const {
  return write_with_issuer({.common_name = "a constrained issuer",
                            .is_authority = true,
                            .may_vouch_for = "critical,permitted;DNS:elsewhere.example"},
                           authority_->ca, directory_, "of-constrained-issuer");
}

server_credentials tls_certificates::of_no_authority() const {
  return write_with_issuer({.common_name = "no authority"}, authority_->ca, directory_, "of-no-authority");
}

server_credentials tls_certificates::without_issuer() const {
  return write_with_issuer({.common_name = "an issuer", .is_authority = true}, authority_->ca, directory_,
                           "without-issuer", false);
}

}  // namespace ordersync::test_support
