#include "fault_file.hpp"

#include "instant.hpp"
#include "random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <stdexcept>

namespace pandapon_sim {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// Takes the first word off `rest`.
std::string_view next_word(std::string_view& rest) {
  rest = trim(rest);
  const std::size_t end = std::min(rest.find_first_of(blanks), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest = trim(rest.substr(end));
  return word;
}

[[noreturn]] void fail(std::string_view what, std::string_view got) {
  throw std::runtime_error(fmt::format("{}, got '{}'", what, got));
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::int64_t need_number(std::string_view text, std::string_view what) {
  const auto value = number_of(text);
  if (!value) fail(what, text);
  return *value;
}

std::int64_t need_size(std::string_view text) {
  std::int64_t unit = 1;
  if (text.ends_with("KiB")) unit = 1024;
  if (text.ends_with("MiB")) unit = 1024L * 1024;
  const auto value = number_of(unit == 1 ? text : text.substr(0, text.size() - 3));
  if (!value || *value > 1'000'000'000) fail("expected a count such as 100, 64KiB or 80MiB", text);
  return *value * unit;
}

void read_change(std::string_view text, fault& out) {
  const bool signed_number = !text.empty() && (text[0] == '+' || text[0] == '-' || text[0] == '=');
  const auto value = signed_number ? number_of(text.substr(1)) : std::nullopt;
  if (!value) fail("expected +N, -N or =N", text);
  out.sign = text[0];
  out.number = *value;
}

void read_reply(std::string_view& rest, fault& out) {
  const std::string_view status = next_word(rest);
  out.number = need_number(status, "expected an HTTP status");
  if (out.number < 200 || out.number > 599) fail("expected an HTTP status from 200 to 599", status);
  if (rest.empty()) return;
  const std::string_view word = next_word(rest);
  if (word != "retry-after" || rest.empty()) fail("only 'retry-after VALUE' may follow a status", word);
  out.text = rest;
  rest = {};
}

void read_arguments(const fault_kind& kind, std::string_view& rest, fault& out) {
  switch (kind.takes) {
    case argument::nothing:
      break;
    case argument::count:
      out.number = need_size(next_word(rest));
      break;
    case argument::optional:
      out.number = rest.empty() ? 1 : need_number(next_word(rest), "expected a count");
      break;
    case argument::change:
      read_change(next_word(rest), out);
      break;
    case argument::duration: {
      const std::string_view word = next_word(rest);
      const auto ms = parse_duration_ms(word);
      if (!ms) fail("expected a duration such as 500ms or 2s", word);
      out.number = *ms;
      break;
    }
    case argument::reply:
      read_reply(rest, out);
      break;
    case argument::code:
      out.number = need_number(next_word(rest), "expected a code");
      [[fallthrough]];
    case argument::text:
    case argument::maybe_text:
      out.text = rest;
      rest = {};
      if (kind.takes == argument::text && out.text.empty()) fail("expected a text", "");
  }
  if (!rest.empty()) fail("expected nothing more", rest);
}

fault read_fault(std::string_view name, std::string_view rest) {
  for (const fault_kind& kind : fault_kinds()) {
    if (kind.name != name) continue;
    fault out;
    out.what = kind.what;
    read_arguments(kind, rest, out);
    return out;
  }
  fail("unknown action, see --help", name);
}

}  // namespace

void fault_plan::parse_when(std::string_view word, std::string_view value, rule& out) {
  const std::string_view need = "expected a request number, 1 or greater";
  const std::size_t dash = word == "at" ? value.find('-') : std::string_view::npos;
  out.first = static_cast<std::uint64_t>(need_number(value.substr(0, dash), need));
  out.last = out.first;
  if (dash != std::string_view::npos) out.last = static_cast<std::uint64_t>(need_number(value.substr(dash + 1), need));
  if (word == "from") out.last = std::numeric_limits<std::uint64_t>::max();
  if (word == "every") out.kind = when::every;
  if (word == "chance") out.kind = when::chance;
  if (out.first == 0 || out.last < out.first) fail(need, value);
  if (word == "chance" && out.first > 100) fail("expected a percentage", value);
}

fault_plan::rule fault_plan::parse_line(std::string_view line) {
  std::string_view word = next_word(line);
  rule out;
  out.of_details = word == "detail";
  if (out.of_details) word = next_word(line);
  if (word != "at" && word != "from" && word != "every" && word != "chance")
    fail("expected at, from, every or chance", word);
  parse_when(word, next_word(line), out);
  const std::string_view name = next_word(line);
  out.what = read_fault(name, line);
  return out;
}

fault_plan fault_plan::parse(std::string_view text) {
  fault_plan plan;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    try {
      plan.rules_.push_back(parse_line(line));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("line {}: {}", number, error.what()));
    }
  }
  return plan;
}

bool fault_plan::applies(const rule& r, std::uint64_t seed, std::uint64_t number, std::uint64_t index) {
  switch (r.kind) {
    case when::range:
      return number >= r.first && number <= r.last;
    case when::every:
      return number % r.first == 0;
    case when::chance:
      return mix(seed, number, 1000 + index) % 100 < r.first;
  }
  return false;
}

std::vector<fault> fault_plan::at(std::uint64_t seed, std::uint64_t number, std::uint64_t detail_number) const {
  std::vector<fault> found;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const std::uint64_t counted = rules_[i].of_details ? detail_number : number;
    if (counted != 0 && applies(rules_[i], seed, counted, i)) found.push_back(rules_[i].what);
  }
  return found;
}

std::string fault_help() {
  std::string out =
      "Fault file: one line a fault, WHEN ACTION. WHEN is `at N`, `at N-M`, `from N`, `every N` or `chance PERCENT`, "
      "where\n"
      "N counts the calls that passed all checks, from 1; `detail WHEN ACTION` counts those about one order. "
      "Actions:\n";
  for (const fault_kind& kind : fault_kinds()) out += fmt::format("  {:<19} {}\n", kind.name, kind.help);
  return out;
}

}  // namespace pandapon_sim
