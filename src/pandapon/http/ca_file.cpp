#include "pandapon/http/ca_file.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <unistd.h>

namespace ordersync::pandapon::http {

std::string why_no_ca_file(const std::string& file) {
  if (file.empty()) return {};
  if (::access(file.c_str(), R_OK) != 0) return "the file cannot be read: " + std::generic_category().message(errno);
  // As SSL_CTX_load_verify_locations() does.
  const std::unique_ptr<X509_STORE, void (*)(X509_STORE*)> store{X509_STORE_new(), &X509_STORE_free};
  const bool loads = store && X509_STORE_load_locations(store.get(), file.c_str(), nullptr) == 1;
  ERR_clear_error();
  return loads ? std::string{} : "the file contains no PEM certificate; name one with the certificate of the authority";
}

}  // namespace ordersync::pandapon::http
