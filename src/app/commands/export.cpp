#include "app/commands/export.hpp"

#include "app/commands/coverage.hpp"
#include "app/exports/part_file.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/setup/wiring.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

namespace ordersync::app::commands {
namespace {

constexpr std::size_t bytes_at_a_time = std::size_t{64} * 1024;

// Where the bytes go.
struct sink {
  std::function<core::result<void>(std::string_view)> write;
  std::function<bool()> restart;  // false: it cannot
};

// Of one export, in the thread of the database.
class row_writer {
 public:
  row_writer(exports::table_format as, std::chrono::minutes zone, sink to) : table_(as, zone), to_(std::move(to)) {}

  store::feed::consumer consumer() {
    return {[this](const auto& columns) { return begin(columns); }, [this](const auto& cells) { return row(cells); }};
  }
  core::result<void> finish() {
    put(0);
    return problem_;
  }
  void stop() noexcept { stopped_ = true; }  // any thread
  bool stopped() const noexcept { return stopped_; }

 private:
  bool begin(const std::vector<store::feed::column>& columns) {
    if (std::exchange(begun_, true) && !to_.restart()) return false;
    bytes_.clear();
    table_.begin(bytes_, columns);
    return true;
  }
  bool row(const std::vector<store::feed::cell>& cells) {
    if (stopped_ || problem_.has_error()) return false;
    table_.row(bytes_, cells);
    put(bytes_at_a_time);
    return problem_.has_value();
  }
  void put(std::size_t least) {
    if (bytes_.size() < least || problem_.has_error()) return;
    problem_ = to_.write(bytes_);
    bytes_.clear();
  }

  exports::table_text table_;
  sink to_;
  std::string bytes_;
  bool begun_ = false;
  core::result<void> problem_;
  std::atomic<bool> stopped_{false};
};

constexpr std::string_view extension_of(exports::table_format format) noexcept {
  switch (format) {
    case exports::table_format::csv:
      return "csv";
    case exports::table_format::excel:
      return "excel.csv";
    case exports::table_format::ndjson:
      break;
  }
  return "ndjson";
}

class exporter {
 public:
  exporter(session& in, const export_request& request)
      : in_(in),
        request_(request),
        zone_(std::chrono::duration_cast<std::chrono::minutes>(in.configuration().settings.api.time_zone)) {}

  core::result<export_result> perform() {
    if (const auto known = read_proof(); known.has_error() && !in_.interrupted()) return known.error();
    if (in_.interrupted()) return export_result{.interrupted = true};
    const auto done = exports::names_several(request_.output) ? write_periods() : write_one();
    if (done.has_error()) return done.error();
    result_.interrupted = in_.interrupted();
    return std::move(result_);
  }

 private:
  // What is proven before the rows are read is among them.
  core::result<void> read_proof() {
    const auto& settings = in_.configuration().settings;
    const auto now = std::chrono::floor<std::chrono::seconds>(setup::wall_clock()());
    due_ = now - setup::reporting_settings_of(settings).grace;
    // Before sync.start nothing is expected, unless it is asked for.
    first_ = std::min(settings.sync.start, request_.what.created.begin);
    core::window asked = request_.what.created;
    if (exports::names_several(request_.output)) asked = whole_periods();
    const core::window judged{std::max(asked.begin, first_), std::min(asked.end, due_)};
    if (judged.empty()) return {};
    auto gaps = read_gaps(judged);
    if (gaps.has_error()) return gaps.error();
    result_.unproven = std::move(*gaps);
    return {};
  }

  core::result<std::vector<core::window>> read_gaps(const core::window& range) {
    const auto restricted = in_.run(in_.database().feed().restricted());
    if (restricted.has_error()) return restricted.error();
    if (*restricted) return in_.run(in_.database().feed().gaps(range, request_.what.account));
    const auto view = read_coverage(in_, range.begin, range.end, request_.what.account);
    if (view.has_error()) return view.error();
    std::vector<core::window> gaps;
    for (const auto& account : view->accounts)
      for (const auto& gap : account.gaps) gaps.push_back(gap.window);
    return gaps;
  }

  core::window whole_periods() const {
    const auto all = exports::periods_of(request_.what.created, request_.by, zone_);
    return {all.front().created.begin, all.back().created.end};
  }

  bool unproven(const core::window& range) const {
    return std::ranges::any_of(result_.unproven, [&](const auto& gap) { return gap.overlaps(range); });
  }

  store::feed::selection created_in(const core::window& range) const {
    auto what = request_.what;
    what.created = range;
    return what;
  }

  // What is missing before the rows are read may be among them.
  core::result<std::int64_t> count_missing_details(const core::window& created) {
    const auto missing = in_.run(in_.database().feed().missing_details(created_in(created)));
    if (missing.has_value()) result_.without_details += *missing;
    return missing;
  }

  core::result<void> write_one() {
    const auto& created = request_.what.created;
    if (const auto missing = count_missing_details(created); missing.has_error()) {
      if (in_.interrupted()) return {};
      return missing.error();
    }
    return request_.output.empty() ? print() : write_file(created, request_.output);
  }

  core::result<void> stream(const core::window& created, sink to) {
    row_writer writer(request_.format, zone_, std::move(to));
    auto what = created_in(created);
    const auto rows = in_.run(in_.database().feed().read(std::move(what), writer.consumer()), [&] { writer.stop(); });
    if (rows.has_error()) {
      if (writer.stopped()) return {};  // it was cut
      return rows.error();
    }
    result_.rows += *rows;
    return writer.finish();
  }

  core::result<void> print() {
    bool printed = false;
    return stream(request_.what.created, {[&](std::string_view bytes) -> core::result<void> {
                                            printed = true;
                                            if (request_.print(bytes)) return {};
                                            return core::make_error(core::failure::input, "stdout takes no more");
                                          },
                                          [&] { return !printed; }});
  }

  core::result<void> write_file(const core::window& created, const std::filesystem::path& file) {
    auto part = exports::part_file::open(file, request_.what.personal);
    if (part.has_error()) return part.error();
    auto written = stream(created, {[&](std::string_view bytes) { return part->write(bytes); },
                                    [&] { return part->restart().has_value(); }});
    if (written.has_error() || in_.interrupted()) return written;
    if (auto kept = part->finish(); kept.has_error()) return kept;
    ++result_.files;
    return {};
  }

  core::result<void> write_periods() {
    for (const auto& one : exports::periods_of(request_.what.created, request_.by, zone_)) {
      if (in_.interrupted()) return {};
      if (auto written = write_period(one); written.has_error()) return written;
    }
    return {};
  }

  // A period has one file: the one whose name says whether something may be missing.
  core::result<void> write_period(const exports::period& of) {
    const auto whole = exports::file_of(request_.output, stem_of(request_.what), extension_of(request_.format), of);
    const auto incomplete = exports::incomplete_name(whole);
    for (const auto& name : {whole, incomplete})
      if (auto free = exports::free_for_a_file(name); free.has_error()) return free;
    const auto missing = count_missing_details(of.created);
    if (in_.interrupted()) return {};
    if (missing.has_error()) return missing.error();
    const bool complete = is_over(of) && !unproven(of.created) && *missing == 0;
    std::error_code unknown;
    if (complete && !request_.force && std::filesystem::exists(whole, unknown)) {
      ++result_.skipped;
      return {};
    }
    return complete ? replace(of, incomplete, whole) : replace(of, whole, incomplete);
  }

  bool is_over(const exports::period& of) const { return of.created.end <= due_; }

  core::result<void> replace(const exports::period& of, const std::filesystem::path& former,
                             const std::filesystem::path& file) {
    std::error_code unknown;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), unknown);
    auto written = write_file(of.created, file);
    if (written.has_error() || in_.interrupted()) return written;
    std::filesystem::remove(former, unknown);
    if (!is_over(of)) ++result_.unfinished;
    return {};
  }

  session& in_;
  const export_request& request_;
  const std::chrono::minutes zone_;
  core::second due_{}, first_{};  // proof is expected from first_ to due_
  export_result result_;
};

}  // namespace

core::result<export_result> export_rows(session& in, const export_request& request) {
  return exporter(in, request).perform();
}

std::string stem_of(const store::feed::selection& what) {
  using enum store::feed::subject;
  std::string stem = what.of == items       ? "items"
                     : what.of == payments  ? "payments"
                     : what.of == shipments ? "shipments"
                                            : "orders";
  if (what.account) stem += "-" + *what.account;
  if (what.personal) stem += "-personal";
  std::ranges::replace(stem, '/', '_');
  return stem;
}

}  // namespace ordersync::app::commands
