#include "cli/shared/version.hpp"

#include "app/setup/library_versions.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <spdlog/version.h>

#include <string_view>

// What only CMake knows arrives as macros, see CMakeLists.txt.

namespace ordersync::cli::shared {

extern const char* const source_commit;  // defined in a file that the build writes, see cmake/version.cmake

namespace {

std::string boost_version() {
  return fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100);
}

std::string fmt_version() {
  return fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

std::string spdlog_version() {
  return fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
}

std::string running_openssl() {
  return OpenSSL_version(OPENSSL_VERSION_STRING);
}

std::string built_and_running(std::string_view built, const std::string& running) {
  return built == running ? std::string(built) : fmt::format("{} (running with {})", built, running);
}

std::string compiler() {
#ifdef __clang__
  return fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

std::string version() {
  return ORDERSYNC_VERSION;
}

std::string commit() {
  return source_commit;
}

std::string version_text() {
  std::string text = fmt::format("ordersync {}\ncommit {}\nbuilt as {} by {}\n", version(), source_commit,
                                 ORDERSYNC_BUILD_TYPE, compiler());
  const auto add = [&](std::string_view library, std::string_view its) {
    text += fmt::format("{} {}\n", library, its);
  };
  add("Boost", boost_version());
  add("OpenSSL", built_and_running(OPENSSL_VERSION_STR, running_openssl()));
  add("libpq", built_and_running(ORDERSYNC_LIBPQ_VERSION, app::setup::running_libpq()));
  add("libpqxx", ORDERSYNC_LIBPQXX_VERSION);
  add("spdlog", spdlog_version());
  add("fmt", fmt_version());
  add("yaml-cpp", ORDERSYNC_YAML_CPP_VERSION);
  add("CLI11", ORDERSYNC_CLI11_VERSION);
  add("libsystemd", ORDERSYNC_LIBSYSTEMD_VERSION);
  text.pop_back();  // who prints it ends the line
  return text;
}

}  // namespace ordersync::cli::shared
