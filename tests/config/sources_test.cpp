#include "config/sources.hpp"

#include "config/keys.hpp"
#include "config/load.hpp"
#include "config/minimal.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::config {
namespace {

using namespace std::chrono_literals;
using test_support::temp_dir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string accounts = R"(ORDERSYNC_ACCOUNTS=[{name: main, access_key: key, user_id: "7"}])";
const std::string start = "ORDERSYNC_SYNC__START=2024-01-01";

template <class T>
std::string problems_of(const checked<T>& what) {
  return what.has_error() ? to_text(what.error()) : "";
}

checked<settings> load_from(source_request what) {
  const auto sources = gather(what);
  if (sources.has_error()) return sources.error();
  return load(*sources);
}
settings loaded(source_request what) {
  auto result = load_from(std::move(what));
  EXPECT_TRUE(result.has_value()) << problems_of(result);
  return result.has_value() ? *result : settings{};
}
std::string refused(std::vector<std::string> variables) {
  variables.push_back(accounts);
  variables.push_back(start);
  return problems_of(load_from({.environment = std::move(variables)}));
}

TEST(sources, the_environment_alone_can_be_the_whole_configuration) {
  const auto s =
      loaded({.environment = {accounts, start, "PATH=/bin", "ORDERSYNC_SYNC__LIVE__EVERY=3s",
                              "ORDERSYNC_DATABASE__URL=postgresql://me@db:5432/x?application_name=a%20b#c"}});
  EXPECT_EQ(s.accounts.at(0).user_id, "7");
  EXPECT_EQ(s.sync.live.every, 3s);
  EXPECT_EQ(s.sync.live.settle, 5s);
  EXPECT_EQ(s.database.url, "postgresql://me@db:5432/x?application_name=a%20b#c");
}

TEST(sources, every_key_has_a_variable) {
  for (const key& k : keys()) {
    if (k.type == kind::section || k.type == kind::inline_secret || k.path.find("[]") != k.path.npos) continue;
    const auto found = gather({.environment = {variable_of(k.path) + "=x"}});
    ASSERT_TRUE(found.has_value()) << k.path << problems_of(found);
    EXPECT_EQ(found->at(0).key, k.path);
  }
}

TEST(sources, a_variable_takes_precedence_over_the_files_and_a_later_file_over_an_earlier_one) {
  const temp_dir dir;
  const auto first = dir.write("main.yaml", std::string(minimal_text) + "log: {level: error, format: json}\n");
  const auto second = dir.write("second.yaml", "log: {level: debug}\n");
  EXPECT_EQ(loaded({.files = {first.string(), second.string()}}).log.level, log_level::debug);
  const auto s = loaded({.files = {first.string(), second.string()}, .environment = {"ORDERSYNC_LOG__LEVEL=warning"}});
  EXPECT_EQ(s.log.level, log_level::warning);
  EXPECT_EQ(s.log.format, log_format::json);
}

TEST(sources, what_is_called_conf_d_and_cannot_be_read_is_a_problem) {
  const temp_dir of_file, dangling;
  for (const auto* dir : {&of_file, &dangling}) dir->write("ordersync.yaml", "log: {level: debug}\n");
  of_file.write("conf.d", "log: {level: warning}\n");
  std::filesystem::create_symlink("nowhere", dangling.path() / "conf.d");
  for (const auto* dir : {&of_file, &dangling})
    EXPECT_THAT(problems_of(gather({.files = {(dir->path() / "ordersync.yaml").string()}})),
                HasSubstr("conf.d: cannot be read"));
}

TEST(sources, a_file_in_conf_d_that_looks_like_one_of_ours_is_not_passed_over) {
  const temp_dir dir;
  const auto main = dir.write("ordersync.yaml", minimal_text);
  std::filesystem::create_directory(dir.path() / "conf.d");
  dir.write("conf.d/10.yml", "log: {level: warning}\n");
  EXPECT_THAT(problems_of(load_from({.files = {main}})), HasSubstr("conf.d/10.yml: is not read"));
}

TEST(sources, files_in_conf_d_come_after_the_main_one_by_name) {
  const temp_dir dir;
  const auto main = dir.write("main.yaml", std::string(minimal_text) + "log: {level: error}\n");
  std::filesystem::create_directory(dir.path() / "conf.d");
  dir.write("conf.d/20.yaml", "log: {level: debug}\n");
  dir.write("conf.d/10.yaml", "log: {level: warning, format: json}\n");
  dir.write("conf.d/.hidden.yaml", "log: {level: none}\n");
  dir.write("conf.d/30.yaml.dpkg-old", "log: {level: none}\n");
  const auto s = loaded({.files = {main.string()}});
  EXPECT_EQ(s.log.level, log_level::debug);
  EXPECT_EQ(s.log.format, log_format::json);
  ASSERT_EQ(s.origins.size(), 3U);
  EXPECT_THAT(s.origins[1].name, HasSubstr("conf.d/10.yaml"));
}

TEST(sources, a_list_is_taken_whole_from_the_last_that_has_it) {
  const auto s = loaded({.environment = {accounts, start, "ORDERSYNC_SYNC__REVISIT=[{younger_than: 2h, every: 1m}]"}});
  EXPECT_EQ(s.sync.revisit.size(), 1U);
}

TEST(sources, a_section_in_a_variable_gives_way_to_variables_of_its_keys) {
  const auto s = loaded({.environment = {"ORDERSYNC_SYNC__LIVE__EVERY=3s",
                                         "ORDERSYNC_SYNC__LIVE={every: 7s, settle: 8s}", accounts, start}});
  EXPECT_EQ(s.sync.live.every, 3s);
  EXPECT_EQ(s.sync.live.settle, 8s);
}

TEST(sources, standard_input_is_a_file_too) {
  EXPECT_EQ(loaded({.files = {"-"}, .standard_input = std::string(minimal_text)}).accounts.size(), 1U);
}

TEST(sources, an_empty_variable_and_an_empty_key_change_nothing) {
  const temp_dir dir;
  const auto first = dir.write("a.yaml", std::string(minimal_text) + "log: {level: error}\n");
  const auto second = dir.write("b.yaml", "log:\n  level:\n");
  const auto s = loaded({.files = {first.string(), second.string()}, .environment = {"ORDERSYNC_LOG__LEVEL="}});
  EXPECT_EQ(s.log.level, log_level::error);
}

TEST(sources, an_unknown_variable_is_refused_with_the_nearest_known_one) {
  const auto text = refused({"ORDERSYNC_SYNC__RAET=3"});
  EXPECT_THAT(text,
              HasSubstr("environment variable ORDERSYNC_SYNC__RAET: unknown; did you mean ORDERSYNC_SYNC__RATE?"));
  EXPECT_THAT(refused({"ORDERSYNC_SYNC_RATE=3"}), HasSubstr("did you mean ORDERSYNC_SYNC__RATE?"));
  EXPECT_THAT(refused({"ORDERSYNC_ACCOUNTS__NAME=x"}), HasSubstr("unknown"));
  EXPECT_THAT(refused({"ORDERSYNC_sync__rate=3"}), HasSubstr("unknown"));
}

TEST(sources, what_kubernetes_sets_for_a_service_of_this_name_is_no_setting) {
  EXPECT_EQ(
      refused({"ORDERSYNC_SERVICE_HOST=10.0.0.1", "ORDERSYNC_SERVICE_PORT=9188", "ORDERSYNC_SERVICE_PORT_HTTP=9188",
               "ORDERSYNC_PORT=tcp://10.0.0.1:9188", "ORDERSYNC_PORT_9188_TCP_ADDR=10.0.0.1"}),
      "");
}

TEST(sources, a_secret_in_the_environment_is_refused_and_never_shown) {
  const auto text = refused({"ORDERSYNC_DATABASE__PASSWORD=hunter2"});
  EXPECT_THAT(text, HasSubstr("name the file in ORDERSYNC_DATABASE__PASSWORD_FILE"));
  const auto inline_one = problems_of(
      load_from({.environment = {
                     "ORDERSYNC_ACCOUNTS=[{name: a, access_key: k, user_id: \"7\", access_secret: hunter2}]", start}}));
  EXPECT_THAT(inline_one, HasSubstr("secrets are not allowed here"));
  EXPECT_EQ((text + inline_one).find("hunter2"), std::string::npos);
}

TEST(sources, a_wrong_value_is_reported_under_the_name_of_its_variable) {
  EXPECT_THAT(refused({"ORDERSYNC_SYNC__RATE=fast"}),
              HasSubstr("environment variable ORDERSYNC_SYNC__RATE: sync.rate: \"fast\" is not a number"));
  EXPECT_THAT(refused({"ORDERSYNC_SYNC__REVISIT=[{younger_than: 2h, evry: 1m}]"}),
              HasSubstr("environment variable ORDERSYNC_SYNC__REVISIT:1:21: sync.revisit[0].\"evry\": unknown key"));
  EXPECT_THAT(refused({"ORDERSYNC_SYNC__REVISIT=[{younger_than"}), HasSubstr("not valid YAML"));
  EXPECT_THAT(refused({"ORDERSYNC_API__PATH=/a\nb"}), HasSubstr("environment variable ORDERSYNC_API__PATH"));
  EXPECT_THAT(refused({"ORDERSYNC_API__PATH=/\x01"}), HasSubstr("not valid text"));
}

TEST(sources, what_is_required_and_in_no_source_is_reported_with_its_variable) {
  EXPECT_EQ(problems_of(load_from({.environment = {"ORDERSYNC_SYNC__RATE=3"}})),
            "environment: accounts: required; write a list of sections, as ORDERSYNC_ACCOUNTS\n");
}

TEST(sources, a_placeholder_that_other_tools_would_replace_is_refused) {
  const auto text =
      problems_of(load_text(std::string(minimal_text) + "database: {url: \"postgresql://${DB_HOST}/x\"}\n", "f"));
  EXPECT_THAT(text, HasSubstr("f:"));
  EXPECT_THAT(text, HasSubstr("database.url: \"${DB_HOST}\" is not expanded; set the environment variable "
                              "ORDERSYNC_DATABASE__URL instead"));
  const auto in_list =
      problems_of(load_text("accounts: [{name: a, access_key: '${KEY}', user_id: \"7\", user_id_list: "
                            "['${USER:-x}']}]\nsync: {start: 2024-01-01}\n",
                            "f"));
  EXPECT_THAT(in_list, HasSubstr("accounts[0].access_key: \"${KEY}\" is not expanded; set the environment variable "
                                 "ORDERSYNC_ACCOUNTS instead"));
  EXPECT_THAT(to_text(load_text("database: {url: ${URL}}\n", "f").error()), HasSubstr("${NAME} is not expanded"));
  EXPECT_THAT(to_text(load_text("${URL}: x\n", "f").error()),
              HasSubstr("\"${URL}\" is not expanded; set the environment"));
  const source variable{.from = {"environment variable ORDERSYNC_ACCOUNTS", {}},
                        .text = "[{name: \"${N}\", access_key: k, user_id: u}]",
                        .key = "accounts"};
  EXPECT_THAT(to_text(load({variable}).error()), HasSubstr("\"${N}\" is not expanded; write the value itself"));
  EXPECT_THAT(in_list, HasSubstr("accounts[0].user_id_list"));
}

TEST(sources, what_is_relative_starts_at_the_directory_of_its_file) {
  const temp_dir dir;
  std::filesystem::create_directory(dir.path() / "other");
  dir.write("other/ca.pem", "x");
  const auto main = dir.write("main.yaml", minimal_text);
  const auto other = dir.write("other/more.yaml", "api: {ca_file: ca.pem}\n");
  EXPECT_EQ(loaded({.files = {main.string(), other.string()}}).api.ca_file, dir.path() / "other/ca.pem");
}

TEST(sources, a_first_file_that_is_missing_is_left_out_only_where_a_variable_is_set) {
  const temp_dir dir;
  const auto missing = (dir.path() / "none.yaml").string();
  EXPECT_EQ(loaded({.files = {missing}, .optional = true, .environment = {accounts, start}}).accounts.size(), 1U);
  EXPECT_THAT(problems_of(load_from({.files = {missing}, .optional = true})), HasSubstr("No such file"));
  EXPECT_THAT(problems_of(load_from({.files = {missing}, .environment = {accounts, start}})),
              HasSubstr("No such file"));
}

TEST(sources, a_variable_of_no_key_is_passed_over_where_one_key_alone_is_looked_for) {
  const std::vector<std::string> variables{"ORDERSYNC_SYNC__RAT=1", "ORDERSYNC_SERVICE__LISTEN=127.0.0.1:9000"};
  EXPECT_THAT(problems_of(gather({.environment = variables})), HasSubstr("ORDERSYNC_SYNC__RAT"));
  const auto found = gather({.environment = variables, .strict = false});
  ASSERT_TRUE(found.has_value()) << problems_of(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->at(0).key, "service.listen");
}

TEST(sources, the_settings_in_force_say_where_they_come_from) {
  const temp_dir dir;
  const auto main = dir.write("main.yaml", std::string(minimal_text) + "log: {level: error}\n");
  const auto all = explain(*gather({.files = {main.string()}, .environment = {"ORDERSYNC_SYNC__RATE=3"}}));
  ASSERT_TRUE(all.has_value()) << problems_of(all);
  const auto line = [&](std::string_view key) {
    const auto at = std::ranges::find(all->values, key, &effective_value::key);
    if (at == all->values.end()) return std::string{"-"};
    return fmt::format("{} {}", at->value, at->at ? origin_of(all->of, *at->at).name : "default");
  };
  EXPECT_EQ(line("sync.rate"), "3 environment variable ORDERSYNC_SYNC__RATE");
  EXPECT_EQ(line("log.level"), "error " + main.string());
  EXPECT_EQ(line("log.format"), "text default");
  EXPECT_EQ(line("sync.revisit[0].every"), "1m default");
  EXPECT_EQ(line("accounts[0].name"), "main " + main.string());
  EXPECT_EQ(line("api.ca_file"), "-");
}

}  // namespace
}  // namespace ordersync::config
