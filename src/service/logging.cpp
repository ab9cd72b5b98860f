#include "service/logging.hpp"

#include "core/local_time.hpp"
#include "service/folding.hpp"
#include "service/log_line.hpp"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ordersync::service {
namespace {

spdlog::level::level_enum to_spdlog(core::severity level) {
  switch (level) {
    case core::severity::trace:
      return spdlog::level::trace;
    case core::severity::debug:
      return spdlog::level::debug;
    case core::severity::info:
      return spdlog::level::info;
    case core::severity::warning:
      return spdlog::level::warn;
    case core::severity::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// sd-daemon(3): SD_ERR, SD_WARNING, SD_INFO, SD_DEBUG.
std::string_view priority(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return "<3>";
  if (level == spdlog::level::warn) return "<4>";
  return level == spdlog::level::info ? "<6>" : "<7>";
}

std::string_view level_name(spdlog::level::level_enum level) {
  for (const auto known :
       {core::severity::trace, core::severity::debug, core::severity::info, core::severity::warning}) {
    if (to_spdlog(known) == level) return name(known);
  }
  return name(core::severity::error);
}

// Puts what only the moment of writing knows in front of a line of text_line() or json_members().
class line_formatter final : public spdlog::formatter {
 public:
  explicit line_formatter(const log_options& o)
      : format_(o.format), journal_(o.journal), terminal_(o.terminal), zone_(o.zone) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const std::string_view payload(message.payload.data(), message.payload.size());
    std::string line(terminal_ ? "\r\x1b[K" : "");
    if (journal_) line += priority(message.level);
    if (format_ == log_format::json) {
      line += journal_ ? "{" : fmt::format(R"({{"time":"{}",)", core::to_text(time_of(message)));
      line.append(payload).append("}\n");
    } else {
      if (!journal_) line += core::local_text(time_of(message), zone_) + ' ';
      line.append(level_name(message.level)).append(" ").append(payload).append("\n");
    }
    out.append(line.data(), line.data() + line.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<line_formatter>(*this); }

 private:
  static core::instant time_of(const spdlog::details::log_msg& message) {
    return std::chrono::floor<std::chrono::milliseconds>(message.time);
  }

  log_format format_;
  bool journal_;
  bool terminal_;
  std::chrono::minutes zone_;
};

// What comes again and again, and ends with an event that says so.
std::string_view problem_ended_by(std::string_view event) {
  if (event == "api_back") return "request_retry";
  if (event == "database_back") return "database_trouble";
  return {};
}

// What several parts of the program say of the database is one problem.
std::string folding_key(std::string_view event, log_fields fields) {
  std::string key(event.starts_with("database_") ? "database_" : event);
  for (const auto& field : fields) {
    if (field.name == "account" || field.name == "webhook") key.append(" ").append(field.value);
  }
  return key;
}

// Somebody who has just asked for a reload looks for the reason of this refusal, whatever the last one was.
bool is_answer(std::string_view event) {
  return event == "reload_refused";
}

// One operation that waits for the database may have waited for less than the whole of an outage.
folding::reporter reporter_of(std::string_view event, log_fields fields) {
  const auto names_operation = [](const core::log_field& field) { return field.name == "operation"; };
  const bool part = event.starts_with("database_") && std::ranges::any_of(fields, names_operation);
  return part ? folding::reporter::part : folding::reporter::whole;
}

// Options and the logger made from them; never changed, so a thread that still writes with the old one is safe.
struct outlet {
  explicit outlet(log_options o) : options(o), logger("ordersync", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger.set_formatter(std::make_unique<line_formatter>(o));
    logger.set_level(to_spdlog(o.least));
    // spdlog's own handler would print the failure to the stderr that has just failed.
    logger.set_error_handler([](const std::string&) {});
  }

  log_options options;
  spdlog::logger logger;
};

class spdlog_log final : public stderr_log {
 public:
  explicit spdlog_log(log_options options) : outlet_(std::make_shared<outlet>(options)) {}

  void write(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override {
    try {
      const auto out = current();
      const bool unseen = level < out->options.least;
      if (unseen && problem_ended_by(event).empty()) return;
      const auto suppressed = suppressed_before(level, event, fields, out->options);
      if (unseen || !suppressed) return;
      if (*suppressed == 0) return put(*out, level, event, fields);
      std::vector<core::log_field> more(fields);
      more.emplace_back("repeated", *suppressed);
      put(*out, level, event, more);
    } catch (...) {  // out of memory: losing the line is the lesser harm
    }
  }

  void set(log_options options) override {
    auto fresh = std::make_shared<outlet>(options);
    const std::lock_guard lock(mutex_);
    outlet_ = std::move(fresh);
  }

 private:
  static void put(outlet& out, core::severity level, std::string_view event, log_fields fields) {
    const bool json = out.options.format == log_format::json;
    const std::string line =
        json ? json_members(level, event, fields) : core::in_zone(text_line(event, fields), out.options.zone);
    out.logger.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
  }

  std::optional<std::uint64_t> suppressed_before(core::severity level, std::string_view event, log_fields fields,
                                                 const log_options& options) {
    const auto problem = problem_ended_by(event);
    if (level < core::severity::warning && problem.empty() && event != "window_split") return 0;
    if (is_answer(event)) return 0;
    // Whoever asks for details is to see each: only so can one window be followed through all that happens to it.
    const auto every = options.least < core::severity::info ? std::chrono::seconds{0} : options.fold;
    const auto key = folding_key(problem.empty() ? event : problem, fields);
    const auto by = reporter_of(event, fields);
    const std::lock_guard lock(mutex_);
    if (problem.empty()) return folding_.admit(key, folding::clock::now(), every, by);
    const auto suppressed = folding_.admit_end(key, by);
    return every == std::chrono::seconds::zero() ? suppressed.value_or(0) : suppressed;
  }

  std::shared_ptr<outlet> current() {
    const std::lock_guard lock(mutex_);
    return outlet_;
  }

  std::mutex mutex_;  // for both
  std::shared_ptr<outlet> outlet_;
  folding folding_;
};

}  // namespace

std::unique_ptr<stderr_log> make_stderr_log(log_options options) {
  return std::make_unique<spdlog_log>(options);
}

bool stderr_is_journal() {
  // systemd.exec(5): the device and inode of the stream, so that a redirected stderr is recognized.
  const char* stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): see the header
  struct stat facts {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &facts) != 0) return false;
  return fmt::format("{}:{}", facts.st_dev, facts.st_ino) == stream;
}

bool stderr_is_terminal() {
  return ::isatty(STDERR_FILENO) == 1;
}

}  // namespace ordersync::service
