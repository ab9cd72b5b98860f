#include "app/setup/key_place.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ordersync::app::setup {
namespace {

TEST(key_place, what_libpq_refuses_is_told_of_where_the_url_stands) {
  const test_support::temp_dir dir;
  const auto file =
      dir.write("o.yaml",
                "accounts:\n  - name: main\n    access_key: k\n    access_secret_file: s\n    user_id: u\n"
                "database:\n  url: postgresql://u@h/d?nosuch=1\n"
                "sync:\n  start: 2024-01-01\n");
  const configuration_files files{.names = {file.string()}};
  const auto in_file = load(files, purpose::settings);
  ASSERT_TRUE(in_file.has_error());
  EXPECT_THAT(in_file.error().at(0),
              ::testing::StartsWith(file.string() + ":7:8: database.url: it has the parameter nosuch"));
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is no other thread
  ::setenv("ORDERSYNC_DATABASE__URL", "postgresql://u@h/d?nosuch=2", 1);
  const auto in_environment = load(files, purpose::settings);
  ::unsetenv("ORDERSYNC_DATABASE__URL");  // NOLINT(concurrency-mt-unsafe): there is no other thread
  ASSERT_TRUE(in_environment.has_error());
  EXPECT_THAT(in_environment.error().at(0), ::testing::HasSubstr("ORDERSYNC_DATABASE__URL: database.url: it has"));
}

TEST(key_place, a_ca_file_without_certificates_is_found) {
  const test_support::temp_dir dir;
  dir.write("key.pem", "-----BEGIN PRIVATE KEY-----\n");
  dir.write("none.pem", "");
  const auto file =
      dir.write("o.yaml",
                "accounts:\n  - name: main\n    access_key: k\n    access_secret_file: s\n    user_id: u\n"
                "database:\n  url: postgresql://u@h/d\n"
                "sync:\n  start: 2024-01-01\n"
                "api:\n  ca_file: key.pem\n"
                "alerts:\n  - webhook_file: w\n    format: json\n    ca_file: none.pem\n");
  const auto loaded = load({.names = {file.string()}}, purpose::settings);
  ASSERT_TRUE(loaded.has_error());
  EXPECT_THAT(loaded.error().at(0), ::testing::HasSubstr(":11:12: api.ca_file: the file contains no PEM certificate"));
  EXPECT_THAT(loaded.error().at(1), ::testing::HasSubstr(":15:14: alerts[0].ca_file: the file contains no PEM"));
  EXPECT_TRUE(load({.names = {file.string()}}, purpose::look).has_value());
}

}  // namespace
}  // namespace ordersync::app::setup
