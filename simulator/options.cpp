#include "options.hpp"

#include "behaviour_flags.hpp"
#include "family.hpp"
#include "fault_file.hpp"
#include "flag_adding.hpp"
#include "flag_values.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <tuple>
#include <vector>

namespace pandapon_sim {
namespace {

/// Options as they are written, before they mean anything.
struct written {
  std::string listen = "127.0.0.1:0", from, to, latency = "0", live_lag = "0", clock_offset = "0", secret_file;
  std::string filter_by = "create", timestamp_unit = "ms";
  std::string omitted = "all", null = "all", empty = "all", large_pages = "cut";
  double oddities = 3;
  bool exclusive_begin = false, exclusive_end = false;
  std::optional<std::uint64_t> family;
  std::optional<double> open;
};

void add_access(CLI::App& app, options& set, written& raw) {
  app.add_option("--listen", raw.listen, "HOST:PORT; port 0 picks a free one")->capture_default_str();
  app.add_option("--tls-cert", set.tls_cert, "certificate chain, PEM")->required();
  app.add_option("--tls-key", set.tls_key, "its private key, PEM")->required();
  app.add_option("--access-key", set.access_key, "the only access-key accepted")->required();
  app.add_option("--access-secret", set.access_secret, "the secret that requests are signed with");
  app.add_option("--access-secret-file", raw.secret_file, "a file with the secret");
  app.add_option("--timestamp-unit", raw.timestamp_unit, "of the timestamp header")
      ->check(CLI::IsMember({"ms", "s"}))
      ->capture_default_str();
  app.add_option("--clock-offset", raw.clock_offset, "the clock is that much ahead; --clock-offset=-30s is behind");
  app.add_flag("--refuse-replay", set.refuse_replay, "each nonce-str is accepted only once");
}

void add_data(CLI::App& app, options& set, written& raw) {
  app.add_option("--seed", set.orders_from.seed, "same seed, same data")->capture_default_str();
  app.add_option("--orders", set.orders, "number of orders created between --from and --to")->capture_default_str();
  app.add_option("--from", raw.from, "2024-05-07 or 2024-05-07T09:52:00+08:00; a bare date is +08:00");
  app.add_option("--to", raw.to, "the end, not included");
  app.add_option("--live", set.live, "orders created per second, as time passes")->check(CLI::Range(0.0, 1e5));
  app.add_option("--live-lag", raw.live_lag, "they are listed up to that long after their creation");
  app.add_option("--mutate", set.mutate, "orders changed per second, chosen at random")->check(CLI::Range(0.0, 1e6));
  app.add_flag("--mutate-open", set.mutate_open, "only orders of the statuses 1 to 4 change, each to its next status");
  app.add_option("--open", raw.open,
                 "percentage of --orders, of every age, with a status from 1 to 4; the others have 5, 6 or 7")
      ->check(CLI::Range(0.0, 100.0));
  app.add_option("--lines-max", set.orders_from.lines_max, "most lines per order")
      ->check(CLI::Range(1, 80))
      ->capture_default_str();
  app.add_option("--users", set.orders_from.users,
                 "so many sub accounts order, 2200000000001 and so on, each as often; by default 8, the first far more")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--oddities", raw.oddities, "percentage of nested fields with odd values; a quarter of it for scalars")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app.add_flag("--wander", set.wander, "numbers and nested fields change their type from call to call");
  app.add_option("--sample", set.sample_file, "also serves the orders of this reply, byte for byte");
}

void add_manners(CLI::App& app, options& set, written& raw) {
  app.add_option("--filter-by", raw.filter_by, "the time used by the filter: createTime or tbCreateTime")
      ->check(CLI::IsMember({"create", "tb"}))
      ->capture_default_str();
  app.add_flag("--exclusive-begin", raw.exclusive_begin, "orderTimeBegin itself is not included in the range");
  app.add_flag("--exclusive-end", raw.exclusive_end, "orderTimeEnd itself is not included in the range");
  app.add_option("--max-page-size", set.max_page_size, "the largest pageSize that works");
  app.add_option("--large-pages", raw.large_pages, "larger ones are silently reduced to it, give 20 orders, or fail")
      ->check(CLI::IsMember({"cut", "few", "refused"}))
      ->capture_default_str();
  for (const auto& [name, value, what] : {std::tuple{"--omitted-filters", &raw.omitted, "a filter missing in the body"},
                                          {"--null-filters", &raw.null, "a filter that is null"},
                                          {"--empty-filters", &raw.empty, "a filter that is empty"}})
    app.add_option(name, *value,
                   std::string(what) + ": returns all orders, only open ones (orderStatus), or is refused")
        ->check(CLI::IsMember({"all", "open", "refused"}))
        ->capture_default_str();
  app.add_option("--latency", raw.latency, "every reply takes at least that long: 50ms, 2s");
  app.add_option("--rate-limit", set.rate_limit, "requests per second; more get 429");
  app.add_option("--rate-burst", set.rate_burst, "requests at once with --rate-limit; a second's worth by default");
  app.add_option("--faults", set.faults_file, "file with the faults to produce, see below");
}

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

void read_address(const std::string& text, options& set) {
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoi(port) > 65535)
    fail(fmt::format("--listen: expected HOST:PORT, got '{}'", text));
  set.host = text.substr(0, colon);
  if (set.host.starts_with('[') && set.host.ends_with(']')) set.host = set.host.substr(1, set.host.size() - 2);
  set.port = static_cast<std::uint16_t>(std::stoi(port));
}

void read_secret(const written& raw, options& set) {
  if (!raw.secret_file.empty()) {
    set.access_secret = read_file(raw.secret_file);
    while (!set.access_secret.empty() && set.access_secret.back() == '\n') set.access_secret.pop_back();
  }
  if (set.access_secret.empty()) fail("--access-secret or --access-secret-file is required");
}

void read_range(const written& raw, options& set) {
  if (set.orders == 0 && raw.from.empty() && raw.to.empty()) return;
  if (raw.from.empty() || raw.to.empty()) fail("--orders requires --from and --to");
  set.from = need_time(raw.from, "--from");
  set.to = need_time(raw.to, "--to");
  if (set.from < 0 || set.to <= set.from) fail("--to must be after --from, and both after 1970");
}

unused_filter fate(const std::string& word) {
  if (word == "open") return unused_filter::open;
  return word == "refused" ? unused_filter::refused : unused_filter::all;
}

void give_meaning(const written& raw, options& set) {
  read_address(raw.listen, set);
  read_secret(raw, set);
  read_range(raw, set);
  set.latency_ms = need_duration(raw.latency, "--latency");
  set.live_lag_ms = need_duration(raw.live_lag, "--live-lag");
  set.clock_offset_ms = need_signed_duration(raw.clock_offset, "--clock-offset");
  set.orders_from.oddities = static_cast<std::uint32_t>(std::lround(raw.oddities * 100));
  if (raw.open) set.orders_from.open = static_cast<std::uint32_t>(std::lround(*raw.open * 100));
  set.orders_from.past = set.orders;
  set.orders_from.until = set.to;
  set.filter_by_tb_time = raw.filter_by == "tb";
  set.timestamp_in_seconds = raw.timestamp_unit == "s";
  set.how.ends = {!raw.exclusive_begin, !raw.exclusive_end};
  set.how.unused = {fate(raw.omitted), fate(raw.null), fate(raw.empty)};
  if (raw.large_pages != "cut") set.beyond = raw.large_pages == "few" ? large_pages::few : large_pages::refused;
}

/// The flags that --family adds to those that are given.
std::vector<drawn_flag> drawn_by_family(const CLI::App& app, const written& raw, const options& set) {
  if (!raw.family) return {};
  std::vector<drawn_flag> drawn = draw_family(*raw.family, set.orders);
  for (drawn_flag& flag : draw_detail_family(*raw.family)) drawn.push_back(std::move(flag));
  std::erase_if(drawn, [&app](const drawn_flag& flag) { return app.get_option(flag.name)->count() > 0; });
  return drawn;
}

struct reading {
  command_line line;
  std::optional<std::uint64_t> family;
  std::vector<drawn_flag> drawn;
};

reading read(const std::vector<const char*>& arguments) {
  reading out;
  written raw;
  CLI::App app("A simulator of the PandaPon API: serves generated 1688 orders over HTTPS.", "pandapon-sim");
  app.footer(fault_help());
  add_access(app, out.line.set, raw);
  add_data(app, out.line.set, raw);
  add_manners(app, out.line.set, raw);
  add_behaviour_flags(app, out.line.set);
  add_detail_flags(app, out.line.set.behaves.details, out.line.set.orders_from);
  add_push_flags(app, out.line.set.push);
  app.add_option(
      "--family", raw.family,
      "three of the behaviours below and one of the order detail, chosen by that number and printed on stderr");
  try {
    app.parse(static_cast<int>(arguments.size()), arguments.data());
    give_meaning(raw, out.line.set);
    out.drawn = drawn_by_family(app, raw, out.line.set);
    out.family = raw.family;
  } catch (const CLI::ParseError& error) {
    out.line.leave_with = app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
  } catch (const std::runtime_error& error) {
    std::cerr << "pandapon-sim: " << error.what() << '\n';
    out.line.leave_with = 2;
  }
  return out;
}

/// `family N:` and the flags, as they can be typed in its place.
std::string shown(std::uint64_t family, const std::vector<drawn_flag>& drawn) {
  std::string out = fmt::format("family {}:", family);
  for (const drawn_flag& flag : drawn) out += " " + written_out(flag);
  return out;
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) fail(fmt::format("cannot read {}", path));
  return out.str();
}

command_line read_command_line(int argc, const char* const* argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  reading first = read(arguments);
  if (first.line.leave_with || !first.family) return std::move(first.line);
  std::cerr << shown(*first.family, first.drawn) << '\n';
  std::vector<std::string> more;
  for (const auto& [name, value] : first.drawn)
    more.push_back(value.empty() ? name : fmt::format("{}={}", name, value));
  for (const std::string& word : more) arguments.push_back(word.c_str());
  return read(arguments).line;
}

}  // namespace pandapon_sim
