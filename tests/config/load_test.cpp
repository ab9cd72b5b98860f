#include "config/load.hpp"

#include "config/keys.hpp"
#include "config/minimal.hpp"
#include "support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace ordersync::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using test_support::temp_dir;

checked<settings> load_file(const std::filesystem::path& file) {
  const auto sources = gather({.files = {file.string()}});
  if (sources.has_error()) return sources.error();
  return load(*sources);
}

TEST(load, a_list_of_words_means_each_once) {
  const auto loaded =
      load_text(std::string(minimal_text) + "details: {enabled: true, on: [closed, unpaid, closed]}\n", "f");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_TRUE(loaded->details.enabled);
  EXPECT_EQ(loaded->details.on, (std::vector{detail_state::closed, detail_state::unpaid}));
}

TEST(load, the_shortest_configuration_gets_every_default) {
  const auto loaded = load_text(minimal_text, "dir/f");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  const settings& s = *loaded;
  ASSERT_EQ(s.origins.size(), 1U);
  EXPECT_EQ(s.origins[0].name, "dir/f");
  EXPECT_EQ(s.origins[0].directory, "dir");
  EXPECT_EQ(s.api.base_url, (https_url{"api.pandapon.com", 443}));
  EXPECT_EQ(s.api.path, "/alibaba/order/page");
  EXPECT_TRUE(s.api.ca_file.empty());
  EXPECT_EQ(s.api.request_timeout, 30s);
  EXPECT_EQ(s.api.timestamp_unit, timestamp_unit::milliseconds);
  EXPECT_EQ(s.api.time_zone, 8h);
  EXPECT_EQ(s.api.unused_filters, unused_filters::omit);
  EXPECT_EQ(s.api.limits, api_limits{});
  EXPECT_EQ(s.api.max_response_bytes, std::size_t{64} << 20);
  ASSERT_EQ(s.accounts.size(), 1U);
  EXPECT_EQ(s.accounts[0].name, "main");
  EXPECT_EQ(s.accounts[0].access_key, "key");
  EXPECT_TRUE(s.accounts[0].access_secret.text.empty());
  EXPECT_EQ(s.accounts[0].user_id, "2100007341207");
  EXPECT_TRUE(s.accounts[0].user_id_list.empty());
  EXPECT_EQ(s.accounts[0].at, (location{2, 5}));
  EXPECT_EQ(s.database.url, "postgresql://ordersync@/ordersync");
  EXPECT_TRUE(s.database.password.text.empty());
  EXPECT_EQ(s.sync.start, sys_days{2023y / 12 / 31} + 16h);
  EXPECT_EQ(s.sync.page_size, 50);
  EXPECT_EQ(s.sync.max_window_orders, 10'000);
  EXPECT_EQ(s.sync.concurrency, 4);
  EXPECT_EQ(s.sync.rate, 10);
  EXPECT_EQ(s.sync.audit, 0.02);
  EXPECT_EQ(s.sync.live.every, 10s);
  EXPECT_EQ(s.sync.live.settle, 5s);
  EXPECT_EQ(s.sync.live.overlap, 10min);
  ASSERT_EQ(s.sync.revisit.size(), 4U);
  EXPECT_EQ(s.sync.revisit[0].younger_than, 2h);
  EXPECT_EQ(s.sync.revisit[0].every, 1min);
  EXPECT_EQ(s.sync.revisit[3].younger_than, 180 * 24h);
  EXPECT_EQ(s.sync.revisit[3].every, 7 * 24h);
  EXPECT_FALSE(s.details.enabled);
  EXPECT_EQ(s.details.path, "/alibaba/order/detail");
  EXPECT_EQ(s.details.refund_path, "/alibaba/refund/info");
  EXPECT_EQ(s.details.on.size(), 6U);
  EXPECT_EQ(s.details.share, 0.2);
  EXPECT_EQ(s.details.younger_than, 180 * 24h);
  EXPECT_FALSE(s.push.listen);
  EXPECT_EQ(s.push.path, "/push");
  EXPECT_EQ(s.service.listen, (listen_address{"127.0.0.1", 9188}));
  EXPECT_EQ(s.log.level, log_level::info);
  EXPECT_EQ(s.log.format, log_format::text);
}

TEST(load, every_key_lands_in_its_member) {
  const auto loaded = load_text(R"(
api:
  base_url: https://[::1]:8443
  path: /v2/alibaba/order/page
  ca_file: /dev/null/../null
  request_timeout: 5s
  timestamp_unit: s
  time_zone: -03:30
  unused_filters: empty
  max_response_bytes: 1MiB
)",
                                "f");
  ASSERT_FALSE(loaded);  // /dev/null is no regular file, and there is no account
  const temp_dir dir;
  dir.write("ca.pem", "x");
  const auto file = dir.write("f.yaml", R"(
api: {base_url: "https://[::1]:8443", path: /v2/alibaba/order/page, ca_file: ca.pem, request_timeout: 5s, timestamp_unit: s,
      time_zone: -03:30, unused_filters: empty, max_response_bytes: 1MiB,
      limits: {longest_range: 7d, nearest_end: 2m, page_size: 20, total: 10000}}
accounts:
  - {name: a, access_key: k1, access_secret_file: s/a, user_id: 1, user_id_list: [10, "20"]}
  - {name: b, access_key: k2, access_secret_file: b, user_id: 2}
database: {url: "postgres://u@h:5433/d", password_file: pw}
sync: {start: 2024-05-07, page_size: 20, max_window_orders: 21, concurrency: 5, rate: 0.5, audit: 0.1,
       live: {every: 1m, settle: 0s, overlap: 1d}, revisit: [{younger_than: 1d, every: 1h}]}
push: {listen: "127.0.0.1:8000", path: /messages}
service: {listen: "[::1]:0", admin_token_file: t}
log: {level: trace, format: json}
)");
  const auto second = load_file(file);
  ASSERT_TRUE(second) << to_text(second.error());
  const settings& s = *second;
  EXPECT_EQ(s.api.base_url, (https_url{"::1", 8443}));
  EXPECT_EQ(s.api.path, "/v2/alibaba/order/page");
  EXPECT_EQ(s.api.ca_file, dir.path() / "ca.pem");
  EXPECT_EQ(s.api.request_timeout, 5s);
  EXPECT_EQ(s.api.timestamp_unit, timestamp_unit::seconds);
  EXPECT_EQ(s.api.time_zone, -(3h + 30min));
  EXPECT_EQ(s.api.unused_filters, unused_filters::empty);
  EXPECT_EQ(s.api.limits, (api_limits{7 * 24h, 2min, 20, 10'000}));
  EXPECT_EQ(s.api.max_response_bytes, std::size_t{1} << 20);
  ASSERT_EQ(s.accounts.size(), 2U);
  EXPECT_EQ(s.accounts[0].access_secret.text, "s/a");
  EXPECT_EQ(s.accounts[0].user_id_list, (std::vector<std::string>{"10", "20"}));
  EXPECT_EQ(s.accounts[1].name, "b");
  EXPECT_EQ(s.accounts[1].access_key, "k2");
  EXPECT_EQ(s.accounts[1].user_id, "2");
  EXPECT_EQ(s.database.url, "postgres://u@h:5433/d");
  EXPECT_EQ(s.database.password.text, "pw");
  EXPECT_EQ(s.sync.start, sys_days{2024y / 5 / 7} + 3h + 30min);  // in api.time_zone
  EXPECT_EQ(s.sync.page_size, 20);
  EXPECT_EQ(s.sync.max_window_orders, 21);
  EXPECT_EQ(s.sync.concurrency, 5);
  EXPECT_EQ(s.sync.rate, 0.5);
  EXPECT_EQ(s.sync.audit, 0.1);
  EXPECT_EQ(s.sync.live.every, 1min);
  EXPECT_EQ(s.sync.live.settle, 0s);
  EXPECT_EQ(s.sync.live.overlap, 24h);
  ASSERT_EQ(s.sync.revisit.size(), 1U);
  EXPECT_EQ(s.sync.revisit[0].every, 1h);
  EXPECT_EQ(s.push.listen, (listen_address{"127.0.0.1", 8000}));
  EXPECT_EQ(s.push.path, "/messages");
  EXPECT_EQ(s.service.listen, (listen_address{"::1", 0}));
  EXPECT_EQ(s.service.admin_token.text, "t");
  EXPECT_EQ(s.log.level, log_level::trace);
  EXPECT_EQ(s.log.format, log_format::json);
}

TEST(load, a_key_without_a_value_keeps_its_default) {
  const auto loaded = load_text(std::string(minimal_text) + "api:\n  path:\nsync:\n  live: ~\ndatabase:\n", "f");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->api.path, "/alibaba/order/page");
  EXPECT_EQ(loaded->sync.live.every, 10s);
}

TEST(load, the_order_of_the_file_does_not_matter_to_the_zone) {
  const auto loaded = load_text("sync: {start: 2024-05-07}\napi: {time_zone: Z}\n" + std::string(minimal_text), "f");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->sync.start, sys_days{2024y / 5 / 7});
}

TEST(load, nothing_is_erased_by_age_unless_it_is_asked_for) {
  const auto silent = load_text(minimal_text, "f");
  ASSERT_TRUE(silent) << to_text(silent.error());
  EXPECT_EQ(silent->retention.personal_data, 0ms);
  EXPECT_EQ(silent->retention.payloads, 0ms);
  const auto asked = load_text(std::string(minimal_text) + "retention: {personal_data: 400d, payloads: 90d}\n", "f");
  ASSERT_TRUE(asked) << to_text(asked.error());
  EXPECT_EQ(asked->retention.personal_data, 400 * 24h);
  EXPECT_EQ(asked->retention.payloads, 90 * 24h);
  EXPECT_FALSE(load_text(std::string(minimal_text) + "retention: {payloads: 1h}\n", "f"));
}

TEST(load, limits_that_are_not_set_are_to_be_found_out) {
  for (const auto* text : {"api: {limits: {}}\n", "api: {limits: }\n", "api: {limits: {page_size: }}\n"}) {
    const auto loaded = load_text(std::string(minimal_text) + text, "f");
    ASSERT_TRUE(loaded) << to_text(loaded.error());
    EXPECT_EQ(loaded->api.limits, api_limits{}) << text;
  }
  const auto one = load_text(std::string(minimal_text) + "api: {limits: {nearest_end: 0s}}\n", "f");
  ASSERT_TRUE(one) << to_text(one.error());
  EXPECT_EQ(one->api.limits, (api_limits{.nearest_end = 0ms}));
  for (const auto* text : {"longest_range: 59s", "nearest_end: 25h", "page_size: 0", "total: 0", "depth: 5"})
    EXPECT_FALSE(load_text(std::string(minimal_text) + "api: {limits: {" + text + "}}\n", "f")) << text;
}

TEST(load, auditing_can_be_turned_off_and_takes_half_of_the_rate_at_most) {
  EXPECT_EQ(load_text(std::string(minimal_text) + "sync: {audit: 0}\n", "f")->sync.audit, 0);
  EXPECT_FALSE(load_text(std::string(minimal_text) + "sync: {audit: 0.51}\n", "f"));
  EXPECT_FALSE(load_text(std::string(minimal_text) + "sync: {audit: -0.1}\n", "f"));
}

TEST(load, revisiting_can_be_turned_off) {
  const auto loaded = load_text(std::string(minimal_text) + "sync: {revisit: []}\n", "f");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_TRUE(loaded->sync.revisit.empty());
}

std::string complaint_of(const std::filesystem::path& file) {
  const auto loaded = load_file(file);
  return loaded ? std::string() : to_text(loaded.error());
}

TEST(load, a_file_that_cannot_be_read_is_one_clear_problem) {
  const temp_dir dir;
  const std::string missing = dir.path() / "missing.yaml";
  EXPECT_EQ(complaint_of(missing), missing + ": cannot be opened: No such file or directory\n");
  EXPECT_EQ(complaint_of(dir.path()), dir.path().string() + ": cannot be read: it is a directory\n");
  EXPECT_EQ(complaint_of("/dev/zero"), "/dev/zero: cannot be read: it is not a regular file\n");
  const std::string pipe = dir.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(complaint_of(pipe), pipe + ": cannot be read: it is not a regular file; --config - reads standard input\n");
}

TEST(load, a_file_without_permission_is_one_clear_problem) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const temp_dir dir;
  const std::string file = dir.write("f.yaml", minimal_text, std::filesystem::perms{0});
  EXPECT_EQ(complaint_of(file), file + ": cannot be opened: Permission denied\n");
}

TEST(load, an_empty_or_huge_file_is_one_clear_problem) {
  const temp_dir dir;
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "~\n"}) {
    const std::string file = dir.write("empty.yaml", text);
    EXPECT_EQ(complaint_of(file), file + ": the file is empty; `ordersync config-reference` prints a template\n");
  }
  const std::string huge = dir.write("huge.yaml", std::string((256U << 10) + 1, '#'));
  EXPECT_EQ(complaint_of(huge), huge + ": is larger than 262144 bytes; check that it is the right file\n");
}

TEST(load_one, takes_the_one_key_whatever_is_wrong_beside_it) {
  const auto listen_of = [](const std::string& text, std::vector<source> more = {}) {
    std::vector<source> sources{{{"f", {}}, text}};
    sources.insert(sources.end(), more.begin(), more.end());
    const auto loaded = load_one(sources, "service.listen");
    return loaded ? loaded->service.listen : listen_address{to_text(loaded.error()), 0};
  };
  const listen_address given{"127.0.0.1", 9000};
  EXPECT_EQ(listen_of("service: {listen: \"127.0.0.1:9000\", nosuch: 1}\nsync: {rat: 1}\nlog: []\n"), given);
  const listen_address usual{"127.0.0.1", 9188};
  EXPECT_EQ(listen_of("sync: {rat: 1}\n"), usual);
  EXPECT_EQ(listen_of("service:\n"), usual);
  EXPECT_EQ(listen_of("service: {listen: \"[::1]:1\"}\n",
                      {{{"environment variable A", {}}, "127.0.0.1:9000", "service.listen"},
                       {{"environment variable B", {}}, "\xff", "sync.start"}}),
            given);
  EXPECT_EQ(listen_of("service: {listen: nowhere}\nsync: {rat: 1}\n").host.find("f:1:19: service.listen: "), 0U);
  EXPECT_EQ(listen_of("service: 7\n").host.find("f:1:10: service: this is a section"), 0U);
  EXPECT_EQ(listen_of("service: {listen: !x y}\n").port, 0) << "what is refused is told of, not taken for the default";
}

TEST(load, says_which_keys_differ_between_two_settings) {
  const auto before =
      load_text(std::string(minimal_text) + "sync: {rate: 3, revisit: [{younger_than: 2h, every: 1m}]}\n", "f");
  const auto after =
      load_text("# moved down\n" + std::string(minimal_text) +
                    "    access_secret_file: s\nlog: {level: debug}\nsync: {rate: 3, revisit: [{younger_than: 2h, "
                    "every: 2m}, {younger_than: 3h, every: 3m}]}\n",
                "f");
  ASSERT_TRUE(before && after);
  EXPECT_EQ(changed_keys(*before, *after),
            (std::vector<std::string_view>{"accounts[].access_secret_file", "sync.revisit", "sync.revisit[].every",
                                           "log.level"}));
  EXPECT_TRUE(changed_keys(*before, *before).empty());
  const auto limited = load_text(
      std::string(minimal_text) +
          "api: {limits: {total: 10000}}\nsync: {rate: 3, audit: 0.1, revisit: [{younger_than: 2h, every: 1m}]}\n",
      "f");
  ASSERT_TRUE(limited);
  EXPECT_EQ(changed_keys(*before, *limited), (std::vector<std::string_view>{"api.limits.total", "sync.audit"}));
}

}  // namespace
}  // namespace ordersync::config
