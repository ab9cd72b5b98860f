#include "cli/version.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>

namespace ordersync::cli {

std::string version_text() {
  return fmt::format("ordersync {}\nBoost {}.{}.{}, {}", ORDERSYNC_VERSION, BOOST_VERSION / 100000,
                     BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100, OpenSSL_version(OPENSSL_VERSION));
}

}  // namespace ordersync::cli
