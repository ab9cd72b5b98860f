// What is secret or personal is nowhere but where it belongs: not in logs of either format at trace level, with every
// kind of reply going wrong, not in the command line or environment, and in no core dump.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace ordersync::e2e {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

struct canaries : ::testing::Test {
  stage on;

  void set_up(const std::string& format) {
    const auto faults = on.directory().write(
        "faults",
        "every 41 code 50001 canary-in-a-message\nevery 11 body canary-in-a-body\nevery 13 header X-Note "
        "canary-in-a-header\n"
        "every 17 html 200\nevery 19 cut 500\nevery 23 bad-id 2\nevery 29 status 503\nevery 31 bad-utf8\n"
        "every 47 code 40001 canary-in-a-refusal\n");
    const auto now = std::chrono::system_clock::now();
    const auto start = iso(now - std::chrono::hours{24 * 31});
    on.start_simulator({"--seed", "9", "--orders", "600", "--from", start, "--to", iso(now), "--oddities", "20",
                        "--wander", "--faults", faults.string()});
    on.directory().write("token", "canary-of-the-admin-token");
    on.configure(
        {.api = "  request_timeout: 2s\n",
         .sync =
             "  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  page_size: 20\n  max_window_orders: 50\n",
         .top = "log: {level: trace, format: " + format + "}\n",
         .start = start,
         .service = "listen: 127.0.0.1:0, admin_token_file: token"});
  }

  // With stderr as systemd gives it to a service: a stream that JOURNAL_STREAM names.
  child_process start_as_service(const fs::path& log) {
    const auto script = fmt::format("exec 2>'{0}'; JOURNAL_STREAM=$(stat -c %d:%i '{0}') exec '{1}' --config '{2}' run",
                                    log.string(), stage::ordersync().string(), on.file("ordersync.yaml").string());
    return child_process({.argv = {"sh", "-c", script}});
  }

  std::vector<std::string> personal() {
    std::vector<std::string> values;
    std::istringstream lines(on.query(
        "SELECT full_name FROM ordersync.order_receivers UNION SELECT mobile FROM ordersync.order_receivers UNION "
        "SELECT "
        "address FROM ordersync.order_receivers UNION SELECT full_name FROM ordersync.order_warehouse_addresses UNION "
        "SELECT mobile FROM ordersync.order_warehouse_addresses UNION SELECT address FROM "
        "ordersync.order_warehouse_addresses"));
    for (std::string value; std::getline(lines, value);)
      if (value.size() >= 6) values.push_back(value);
    return values;
  }

  void expect_clean(const std::string& text, const std::string& what) {
    EXPECT_FALSE(text.empty()) << what;
    EXPECT_EQ(text.find("canary"), std::string::npos) << what << ": " << text.substr(text.find("canary") - 100, 200);
    EXPECT_EQ(text.find(access_secret), std::string::npos) << what;
    const auto values = personal();
    EXPECT_GT(values.size(), 100U);
    for (const auto& value : values) ASSERT_EQ(text.find(value), std::string::npos) << what << " holds " << value;
  }

  // The simulator's faults meet requests by hand, too: no failure on the way shows anything either.
  void expect_clean_until_it_succeeds(const std::vector<std::string>& words) {
    for (int tries = 0; tries < 20; ++tries) {
      const auto done = on.run(words);
      expect_clean(done.out + done.err, words[1]);
      if (done.status.code == 0) return;
    }
    ADD_FAILURE() << words[0] << ' ' << words[1] << " fails 20 times";
  }

  void expect_a_clean_life(const std::string& format, const std::string& first_line) {
    set_up(format);
    on.migrate();
    const auto log = on.file("log");
    auto daemon = start_as_service(log);
    on.wait_until("(SELECT count(*) > 150 FROM ordersync.orders)");
    on.wait_until("(SELECT count(*) > 0 FROM ordersync.quarantine)");
    for (const auto* file : {"cmdline", "environ"})
      expect_clean(read(fmt::format("/proc/{}/{}", daemon.pid(), file)), file);
    for (const auto* verb : {"status", "coverage"}) {
      const auto done = on.run({verb, "--json"});
      expect_clean(done.out + done.err, verb);
    }
    const auto id = on.query("SELECT min(order_id) FROM ordersync.order_receivers");
    for (const auto* verb : {"show", "refresh"})
      for (const bool json : {false, true}) {
        std::vector<std::string> words{"order", verb, id};
        if (json) words.emplace_back("--json");
        expect_clean_until_it_succeeds(words);
      }
    const auto line = read(log);
    auto address = line.substr(line.find("address", line.find("endpoint_listening")) + 7);
    address = address.substr(address.find_first_not_of("=:\""));
    address = address.substr(0, address.find_first_of(" \"\n"));
    for (const auto* path : {"/metrics", "/healthz", "/readyz", "/", "/api/status", "/api/coverage", "/api/requests",
                             "/api/troubles", "/api/backfills"})
      expect_clean(get(address, path).body, path);
    expect_clean(get(address, "/api/order?number=" + id).body, "/api/order");
    for (const auto& how : {"--open", "--each"}) {
      const auto list = on.run({"quarantine", "list", how});
      expect_clean(list.out + list.err, "quarantine list");
    }
    daemon.signal(SIGTERM);
    ASSERT_TRUE(daemon.wait(10s));
    const auto text = read(log);
    EXPECT_TRUE(text.starts_with(first_line)) << text.substr(0, 200);
    EXPECT_NE(text.find("http_exchange"), std::string::npos) << "at trace level";
    EXPECT_NE(text.find("request_retry"), std::string::npos);
    expect_clean(text, "log");
  }
};

TEST_F(canaries, are_in_no_line_for_people) {
  expect_a_clean_life("text", "<6>info endpoint_listening address=");
}

TEST_F(canaries, are_in_no_line_for_machines) {
  expect_a_clean_life("json", R"(<6>{"level":"info","event":"endpoint_listening",)");
}

TEST_F(canaries, are_in_no_core_dump) {
  set_up("text");
  for (const int deadly : {SIGSEGV, SIGABRT}) {
    const auto place = on.file(fmt::format("cores-{}", deadly));
    fs::create_directory(place);
    // A sanitizer would make an exit of the signal.
    const auto script = fmt::format(
        "export ASAN_OPTIONS=handle_segv=0:handle_abort=0:$ASAN_OPTIONS; "
        "export TSAN_OPTIONS=handle_segv=0:handle_abort=0:$TSAN_OPTIONS; "
        "ulimit -c unlimited; cd '{}' && exec '{}' --config '{}' run",
        place.string(), stage::ordersync().string(), on.file("ordersync.yaml").string());
    child_process daemon({.argv = {"sh", "-c", script}});
    ASSERT_TRUE(daemon.wait_for_stderr(" leading ")) << daemon.err();
    const auto limits = read(fmt::format("/proc/{}/limits", daemon.pid()));
    const auto line = limits.substr(limits.find("Max core file size"));
    EXPECT_EQ(line.substr(0, line.find("bytes")),
              "Max core file size        0                    0                    ");
    // What cannot be dumped belongs to root, whoever runs it.
    struct stat facts {};
    ASSERT_EQ(::stat(fmt::format("/proc/{}/environ", daemon.pid()).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_uid, 0U);
    daemon.signal(deadly);
    const auto ended = daemon.wait(10s);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->signal, deadly);
    EXPECT_TRUE(fs::is_empty(place)) << "a core dump";
  }
}

}  // namespace
}  // namespace ordersync::e2e
