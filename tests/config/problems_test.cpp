// Every kind of mistake, with the exact place and words that a person gets to see.
#include "config/minimal.hpp"

#include <gtest/gtest.h>

namespace ordersync::config {
namespace {

TEST(problems, all_are_reported_at_once_in_the_order_of_the_file) {
  EXPECT_EQ(problems_of("log: {level: loud}\n"
                        "accounts:\n"
                        "  - name: a\n"
                        "    access_key: k\n"
                        "    acces_key: k\n"
                        "sync:\n"
                        "  rate: fast\n"
                        "  rate: 5\n"
                        "  page_size: 0\n"),
            "f:1:14: log.level: \"loud\" is not one of trace, debug, info, warning, error\n"
            "f:3:5: accounts[0].user_id: required; write visible ASCII characters without spaces, at most 256\n"
            "f:5:5: accounts[0].\"acces_key\": unknown key; did you mean access_key? Known here: name, access_key, "
            "access_secret_file, user_id, user_id_list\n"
            "f:7:9: sync.rate: \"fast\" is not a number; write digits, with a decimal point if needed\n"
            "f:8:3: \"rate\" is set twice, first on line 7; remove one\n"
            "f:9:14: sync.page_size: \"0\" is out of range; write 1 to 1000\n");
}

TEST(problems, an_unknown_key_names_the_nearest_known_one) {
  EXPECT_EQ(problems_with("synk: {}\n"),
            "f:5:1: \"synk\": unknown key; did you mean sync? Known here: api, accounts, database, sync, details, "
            "retention, push, service, alerts, log\n");
  EXPECT_EQ(problems_with("sync: {live: {evry: 1s}}\n"),
            "f:5:15: sync.live.\"evry\": unknown key; did you mean every? Known here: every, settle, overlap\n");
}

TEST(problems, a_known_key_in_the_wrong_place_is_reported_with_its_place) {
  EXPECT_EQ(problems_with("page_size: 5\n"),
            "f:5:1: \"page_size\": unknown key; did you mean sync.page_size or api.limits.page_size?\n");
  EXPECT_EQ(problems_with("sync: {base_url: x}\n"),
            "f:5:8: sync.\"base_url\": unknown key; did you mean api.base_url?\n");
}

TEST(problems, a_merge_key_is_an_unknown_key) {
  EXPECT_NE(problems_with("<<: {log: {level: info}}\n").find("f:5:1: \"<<\": unknown key"), std::string::npos);
}

TEST(problems, what_is_required_is_missed_where_it_belongs) {
  const std::string list_hint = "required; write a list of sections\n";
  EXPECT_EQ(problems_of("log: {}\n"), "f:1:1: accounts: " + list_hint);
  EXPECT_EQ(problems_of("log: {}\naccounts:\n"), "f:2:1: accounts: " + list_hint);
  EXPECT_EQ(problems_of("accounts: []\n"), "f:1:11: accounts: at least 1 is required\n");
  EXPECT_EQ(problems_of("accounts: [{name: a, access_key: k, user_id: }]\n"),
            "f:1:37: accounts[0].user_id: required; write visible ASCII characters without spaces, at most 256\n");
}

TEST(problems, wrong_shapes_are_named) {
  EXPECT_EQ(problems_of("- a\n"),
            "f:1:1: configuration: this is a section; write its keys as `key: value` lines below it\n");
  EXPECT_EQ(problems_with("log: info\n"),
            "f:5:6: log: this is a section; write its keys as `key: value` lines below it\n");
  EXPECT_EQ(problems_with("log: {level: [info]}\n"),
            "f:5:14: log.level: this is not one of trace, debug, info, warning, error\n");
  EXPECT_EQ(problems_of("accounts: {name: a}\n"), "f:1:11: accounts: write a list, each element beginning with `- `\n");
  EXPECT_EQ(problems_of("accounts: [main]\n"),
            "f:1:12: accounts[0]: this is a section; write its keys as `key: value` lines below it\n");
  EXPECT_EQ(problems_with("sync: {revisit: [{every: 1m, younger_than: 1h}, 5]}\n"),
            "f:5:49: sync.revisit[1]: this is a section; write its keys as `key: value` lines below it\n");
}

TEST(problems, aliases_do_not_hide_other_problems) {
  EXPECT_EQ(problems_with("sync:\n  rate: &r 5\n  concurrency: *r\n  page_size: x\n"),
            "f:6:9: anchors (&name) are not supported; remove the anchor\n"
            "f:7:16: aliases (*name) are not supported; write the value itself\n"
            "f:8:14: sync.page_size: \"x\" is not a whole number; write digits alone\n");
}

TEST(problems, broken_yaml_is_the_only_problem) {
  EXPECT_EQ(problems_of("log: {level: loud}\nsync: a: b\n"), "f:2:8: not valid YAML: illegal map value\n");
}

struct bad_value {
  const char* line;
  const char* complaint;
};

TEST(problems, every_type_says_what_to_write_instead) {
  const bad_value cases[] = {
      {"api: {base_url: \"http://h\"}",
       "5:17: api.base_url: this is not an https URL; write https://HOST or https://HOST:PORT; the path is a separate "
       "key"},
      {"api: {path: a}", "5:13: api.path: this is not the path of a URL; begin with '/' and leave out the query"},
      {"api: {path: \"/a?b\"}",
       "5:13: api.path: this is not the path of a URL; begin with '/' and leave out the query"},
      {"api: {ca_file: /nowhere}", "5:16: api.ca_file: \"/nowhere\" cannot be read: No such file or directory"},
      {"api: {request_timeout: 30}",
       "5:24: api.request_timeout: \"30\" is not a duration; write a whole number and a unit, as in 500ms, 10s, 5m, 2h "
       "or 3d"},
      {"api: {request_timeout: 11m}", "5:24: api.request_timeout: \"11m\" is out of range; write 1s to 10m"},
      {"api: {timestamp_unit: us}", "5:23: api.timestamp_unit: \"us\" is not one of ms, s"},
      {"api: {time_zone: 8}",
       "5:18: api.time_zone: \"8\" is not a UTC offset; write a sign, hours and minutes, as in \"+08:00\""},
      {"api: {max_response_bytes: 64MB}",
       "5:27: api.max_response_bytes: \"64MB\" is not a size; write a whole number and a unit: B, KiB, MiB or GiB, as "
       "in 64MiB"},
      {"api: {max_response_bytes: 2GiB}",
       "5:27: api.max_response_bytes: \"2GiB\" is out of range; write 64KiB to 1GiB"},
      {"database: {url: ordersync}",
       "5:17: database.url: this is not a PostgreSQL URI; write postgresql://USER@HOST:PORT/DATABASE, special "
       "characters "
       "percent-encoded"},
      {"sync: {start: 2024-02-30}",
       "5:15: sync.start: \"2024-02-30\" is not a time; write a valid date, as in 2024-05-07, or a time in whole "
       "seconds, as in 2024-05-07T09:52:00+08:00"},
      {"sync: {concurrency: 4.5}", "5:21: sync.concurrency: \"4.5\" is not a whole number; write digits alone"},
      {"sync: {concurrency: 65}", "5:21: sync.concurrency: \"65\" is out of range; write 1 to 64"},
      {"sync: {rate: .inf}", "5:14: sync.rate: \".inf\" is not a number; write digits, with a decimal point if needed"},
      {"sync: {rate: 0}", "5:14: sync.rate: \"0\" is out of range; write 0.01 to 100000"},
      {"sync: {rate: 1e400}", "5:14: sync.rate: \"1e400\" is out of range; write 0.01 to 100000"},
      {"sync: {rate: 1e3}", "5:14: sync.rate: \"1e3\" is not a number; write digits, with a decimal point if needed"},
      {"sync: {page_size: 99999999999999999999}",
       "5:19: sync.page_size: \"99999999999999999999\" is out of range; write 1 to 1000"},
      {"api: {request_timeout: 99999999999999999999s}",
       "5:24: api.request_timeout: \"99999999999999999999s\" is out of range; write 1s to 10m"},
      {"api: {request_timeout: -5s}", "5:24: api.request_timeout: \"-5s\" is out of range; write 1s to 10m"},
      {"api: {request_timeout: -s}",
       "5:24: api.request_timeout: \"-s\" is not a duration; write a whole number and a unit, as in 500ms, 10s, 5m, 2h "
       "or 3d"},
      {"push: {listen: \"localhost:1\"}",
       "5:16: push.listen: \"localhost:1\" is not an address and port; write an IP address and a port, as in "
       "127.0.0.1:9188 or \"[::1]:9188\""},
      {"push: {listen: \"127.0.0.1:9188\"}",
       "5:16: push.listen: it is the address of service.listen, or includes it; choose another port"},
      {"push: {listen: \"0.0.0.0:9188\"}",
       "5:16: push.listen: it is the address of service.listen, or includes it; choose another port"},
      {"push: {path: push}", "5:14: push.path: this is not the path of a URL; begin with '/' and leave out the query"},
      {"push: {path: /a%2}", "5:14: push.path: this is not the path of a URL; begin with '/' and leave out the query"},
      {"push: {path: /%zz}", "5:14: push.path: this is not the path of a URL; begin with '/' and leave out the query"},
      {"details: {on: [paid, sent]}",
       "5:15: details.on: \"sent\" is not one of unpaid, paid, shipped, received, finished, refund, closed"},
      {"details: {on: []}",
       "5:15: details.on: at least one is required; write a list of unpaid, paid, shipped, received, finished, refund, "
       "closed"},
      {"details: {on: paid}",
       "5:15: details.on: this is not a list; write a list of unpaid, paid, shipped, received, finished, refund, "
       "closed"},
      {"details: {on: [[paid]]}",
       "5:15: details.on: this is not one of unpaid, paid, shipped, received, finished, refund, closed"},
      {"details: {share: 0}", "5:18: details.share: \"0\" is out of range; write 0.001 to 1"},
      {"details: {share: 1.1}", "5:18: details.share: \"1.1\" is out of range; write 0.001 to 1"},
      {"details: {enabled: yes}", "5:20: details.enabled: \"yes\" is not one of false, true"},
      {"details: {path: alibaba}",
       "5:17: details.path: this is not the path of a URL; begin with '/' and leave out the query"},
      {"details: {refund_path: alibaba}",
       "5:24: details.refund_path: this is not the path of a URL; begin with '/' and leave out the query"},
      {"service: {listen: \"localhost:1\"}",
       "5:19: service.listen: \"localhost:1\" is not an address and port; write an IP address and a port, as in "
       "127.0.0.1:9188 "
       "or \"[::1]:9188\""},
  };
  for (const auto& [line, complaint] : cases) {
    EXPECT_EQ(problems_with(std::string(line) + '\n'), std::string("f:") + complaint + '\n');
  }
}

TEST(problems, a_name_or_identifier_that_could_break_a_header_or_path_is_refused) {
  for (const char* name : {"\"\"", "a/b", "..", ".a", "\"a b\"", "名", "\"a\\nb\""}) {
    const std::string found = problems_of(std::string("accounts: [{name: ") + name + ", access_key: k, user_id: u}]\n");
    EXPECT_NE(found.find("accounts[0].name: this is not a name"), std::string::npos) << name << found;
  }
  for (const char* id : {"\"\"", "\"a b\"", "\"a\\r\\nx: y\"", "名"}) {
    const std::string found = problems_of(std::string("accounts: [{name: a, access_key: ") + id + ", user_id: u}]\n");
    EXPECT_NE(found.find("accounts[0].access_key: this is not an identifier"), std::string::npos) << id << found;
  }
  EXPECT_NE(problems_of("accounts: [{name: a, access_key: k, user_id: u, user_id_list: [a, \"b c\"]}]\n")
                .find("accounts[0].user_id_list: element 2 is not an identifier"),
            std::string::npos);
  EXPECT_NE(problems_of("accounts: [{name: a, access_key: k, user_id: u, user_id_list: 5}]\n")
                .find("accounts[0].user_id_list: this is not a list of identifiers"),
            std::string::npos);
}

TEST(problems, inline_secrets_are_refused_and_not_repeated) {
  const std::string found = problems_of(
      "accounts: [{name: a, access_key: k, user_id: u, access_secret: canary1}]\n"
      "database: {password: canary2}\n");
  EXPECT_EQ(found,
            "f:1:49: accounts[0].access_secret: secrets are not allowed here; put it into a file and name the file in "
            "access_secret_file\n"
            "f:2:12: database.password: secrets are not allowed here; put it into a file and name the file in "
            "password_file\n");
  EXPECT_EQ(problems_with("database: {url: \"postgresql://u:canary@h/d\"}\n"),
            "f:5:17: database.url: it contains a password; put the password into a file and name the file in "
            "database.password_file\n");
}

TEST(problems, values_that_may_be_secrets_are_never_repeated) {
  for (const char* line :
       {"database: \"postgresql://u:canary@h/d\"\n", "database: {url: \"postgresql://u:can ary@h/d\"}\n",
        "database: {url: \"mysql://u:canary@h/d\"}\n", "database: {password_file: [canary]}\n",
        "api: {base_url: \"https://u:canary@h\"}\n", "api: {path: canary}\n"}) {
    const std::string found = problems_with(line);
    EXPECT_FALSE(found.empty()) << line;
    EXPECT_EQ(found.find("canary"), std::string::npos) << found;
  }
}

TEST(problems, an_account_name_is_given_once) {
  EXPECT_EQ(problems_of("accounts:\n"
                        "  - {name: a, access_key: k, user_id: u}\n"
                        "  - {name: b, access_key: k, user_id: u}\n"
                        "  - {name: a, access_key: k, user_id: u}\n"),
            "f:4:12: accounts[2].name: accounts[0] already has the name \"a\"; coverage is stored per name, so use "
            "different names\n");
}

TEST(problems, revisit_tiers_reach_further_and_further_back) {
  EXPECT_EQ(problems_with("sync:\n"
                          "  revisit:\n"
                          "    - {younger_than: 2h, every: 1m}\n"
                          "    - {younger_than: 2h, every: 1m}\n"
                          "    - {younger_than: 3h, every: 59s}\n"),
            "f:8:22: sync.revisit[1].younger_than: must be greater than in the tier before it\n"
            "f:9:33: sync.revisit[2].every: must not be shorter than in the tier before it\n");
}

TEST(problems, a_tier_needs_both_of_its_keys) {
  EXPECT_EQ(problems_with("sync: {revisit: [{every: 1m}]}\n"),
            "f:5:18: sync.revisit[0].younger_than: required; write a whole number and a unit, as in 500ms, 10s, 5m, 2h "
            "or 3d\n");
}

TEST(problems, a_page_fits_into_a_window) {
  EXPECT_EQ(problems_with("sync: {page_size: 100, max_window_orders: 99}\n"),
            "f:5:19: sync.page_size: page_size 100 is larger than max_window_orders 99; lower page_size or raise "
            "max_window_orders\n");
  EXPECT_EQ(problems_with("sync: {max_window_orders: 49}\n").substr(0, 31), "f:5:27: sync.max_window_orders:");
}

}  // namespace
}  // namespace ordersync::config
