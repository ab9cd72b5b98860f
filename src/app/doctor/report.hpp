#pragma once
// What `doctor` reports: one check after the other, and the settings that follow from them. Pure data; no secrets, no
// personal data.

#include "app/setup/exit_code.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::doctor {

enum class check_state {
  ok,
  warning,  // works, but somebody should look at it
  failed,
  unknown,  // could not be found out; never to be taken for ok
  skipped,  // an earlier check failed
};
const char* name(check_state state) noexcept;

struct check {
  std::string name;       // stable: "tls", "page_size"
  std::string account{};  // empty where it is about no account
  check_state state = check_state::ok;
  std::string found;                                   // what was seen, or why nothing was
  std::string cure{};                                  // what to do; empty when it is ok
  setup::exit_code failing = setup::exit_code::usage;  // what a failure of this check means for the command
};

// A setting that would fit better than the one in force.
struct suggestion {
  std::string key;    // "api.timestamp_unit"
  std::string value;  // as YAML
  std::string reason;
};

// A check and what follows from it.
struct finding {
  check what;
  std::vector<suggestion> advice{};
};

struct doctor_report {
  std::vector<check> checks;
  std::vector<suggestion> suggestions;
  std::int64_t calls = 0;  // requests to the API
  std::chrono::milliseconds took{0};
  bool interrupted = false;  // by a signal: what was not looked at is unknown
};

using check_listener = std::function<void(const check&)>;

// Of what failed the worst, see app::worse: the database before the configuration, the credentials, the API. Warnings
// and what is unknown change nothing.
setup::exit_code outcome_of(const doctor_report& report);

// The settings as lines of the configuration, each with its reason behind it; empty when there are none.
std::string as_yaml(const std::vector<suggestion>& suggestions);

// Gathers a report, and passes each check to the listener as it comes.
class report_writer {
 public:
  explicit report_writer(check_listener listener) : listener_(std::move(listener)) {}

  void add(check one);
  void add(finding one);
  // Each as skipped, for this reason.
  void skip(std::span<const std::string_view> names, const std::string& because);
  void skip(std::initializer_list<std::string_view> names, const std::string& because) {
    skip(std::span{names.begin(), names.size()}, because);
  }

  doctor_report report;

 private:
  check_listener listener_;
};

}  // namespace ordersync::app::doctor
