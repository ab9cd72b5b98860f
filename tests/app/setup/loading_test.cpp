// What of the configuration counts for what a command means to do.

#include "app/setup/loading.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ordersync::app::setup {
namespace {

// For as long as it lives.
struct variable {
  variable(const char* of, const char* value) : name(of) {
    ::setenv(name, value, 1);  // NOLINT(concurrency-mt-unsafe): there is no other thread
  }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;
  ~variable() { ::unsetenv(name); }  // NOLINT(concurrency-mt-unsafe): there is no other thread

  const char* name;
};

struct loading : ::testing::Test {
  loading() {
    dir.write("s", "secret\n");
    files.names = {dir.write("o.yaml",
                             "accounts:\n  - name: main\n    access_key: k\n    access_secret_file: s\n    user_id: u\n"
                             "database:\n  url: postgresql://u@h/d\n"
                             "sync:\n  start: 2024-01-01\n")
                       .string()};
  }

  test_support::temp_dir dir;
  configuration_files files;
};

TEST_F(loading, a_proxy_of_the_environment_that_cannot_be_used_matters_where_the_api_is_asked) {
  const variable proxy("https_proxy", "socks5://p:1");
  for (const auto of : {purpose::work, purpose::settings}) {
    const auto loaded = load(files, of);
    ASSERT_TRUE(loaded.has_error());
    EXPECT_THAT(loaded.error().at(0), ::testing::HasSubstr("environment variable https_proxy: only http://"));
  }
  for (const auto of : {purpose::change, purpose::look}) {
    const auto loaded = load(files, of);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().at(0);
    EXPECT_FALSE(loaded->settings.api.proxy);
  }
}

TEST_F(loading, of_one_setting_needs_no_other) {
  const variable proxy("https_proxy", "socks5://p:1");
  const variable unknown("ORDERSYNC_SYNC__RAT", "1");
  const variable listen("ORDERSYNC_SERVICE__LISTEN", "127.0.0.1:9000");
  dir.write("o.yaml", "accounts: none\n");
  const auto loaded = load_setting(files, "service.listen");
  ASSERT_TRUE(loaded.has_value()) << config::to_text(loaded.error());
  EXPECT_EQ(loaded->service.listen.port, 9000);
}

}  // namespace
}  // namespace ordersync::app::setup
