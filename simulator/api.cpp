#include "api.hpp"

#include "accounts.hpp"
#include "answer.hpp"
#include "density.hpp"
#include "gate.hpp"
#include "random.hpp"
#include "range_rules.hpp"
#include "reply_encoding.hpp"
#include "signature.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace pandapon_sim {
namespace {

/// The vendor's documentation: a request's timestamp may be that far off.
constexpr epoch_ms tolerated_skew_ms = 600'000;

std::optional<epoch_ms> read_timestamp(std::string_view text, bool in_seconds) {
  const std::size_t digits = in_seconds ? 10 : 13;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() != digits || error != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return in_seconds ? value * 1000 : value;
}

bool is_nonce(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

/// Remembers the nonce as long as its timestamp could pass; false if it is remembered already.
bool first_use(world& w, std::string_view nonce, epoch_ms now) {
  while (!w.nonces_by_age.empty() && w.nonces_by_age.front().first < now - 2 * tolerated_skew_ms) {
    w.nonces.erase(w.nonces_by_age.front().second);
    w.nonces_by_age.pop_front();
  }
  if (!w.nonces.emplace(nonce).second) return false;
  w.nonces_by_age.emplace_back(now, nonce);
  return true;
}

refusal check_headers(world& w, const request& asked, epoch_ms now) {
  const bool nonce_may_lack = asked.path.starts_with("/v2/");
  for (const char* name : {"access-key", "timestamp", "nonce-str", "user-id", "signature"}) {
    if (!asked.header(name).empty() || (nonce_may_lack && std::string_view(name) == "nonce-str")) continue;
    return {40101, std::string("missing header ") + name};
  }
  const std::string_view timestamp = asked.header("timestamp");
  const std::string_view nonce = asked.header("nonce-str");
  const std::string* secret = secret_of(w.set, asked.header("access-key"));
  if (secret == nullptr) return {40102, "unknown access-key"};
  const auto time = read_timestamp(timestamp, w.set.timestamp_in_seconds);
  if (!time) return {40103, "timestamp is malformed"};
  if (std::llabs(*time - now) > tolerated_skew_ms) return {40104, "timestamp is more than 600 s off"};
  if (!nonce.empty() && !is_nonce(nonce)) return {40105, "nonce-str is malformed"};
  if (asked.header("signature") != sign(asked.header("access-key"), timestamp, nonce, *secret))
    return {40106, "signature is wrong"};
  if (w.set.refuse_replay && !nonce.empty() && !first_use(w, nonce, now)) return {40107, "nonce-str was used before"};
  return {};
}

catalogue make_catalogue(const options& set) {
  catalogue out(set.orders_from, creation_times(set.orders_from.seed, set.orders, set.from, set.to),
                set.filter_by_tb_time);
  if (!set.sample_file.empty()) out.add_samples(read_sample(read_file(set.sample_file)));
  return out;
}

fault_plan read_faults(const std::string& path) {
  if (path.empty()) return {};
  try {
    return fault_plan::parse(read_file(path));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

}  // namespace

world::world(options chosen)
    : set(std::move(chosen)),
      orders(make_catalogue(set)),
      faults(read_faults(set.faults_file)),
      limit(set.rate_limit, set.rate_burst),
      pushes(set.push, set.orders_from.seed) {}

bool is_page_path(std::string_view path) {
  return path == "/alibaba/order/page" || path == "/v2/alibaba/order/page";
}

std::optional<reply> refuse_at_gate(world& w, const request& asked, epoch_ms now) {
  if (asked.method != "POST") return envelope(405, 40500, "only POST", w.stats.requests);
  if (refusal r = check_headers(w, asked, now); r.code != 0) {
    ++w.stats.unauthorised;
    return envelope(401, r.code, r.message, w.stats.requests);
  }
  if (w.limit.take(now)) return std::nullopt;
  ++w.stats.limited;
  return refuse_for_rate(w.set.behaves.gate.refuse_as, w.stats.requests);
}

namespace {

/// Up to the question which orders are wanted.
refusal read_request(const world& w, const request& asked, epoch_ms now, query& wanted) {
  if (refusal r = read_query(asked.body, w.set.how, wanted); r.code != 0) return r;
  if (!asked.header("content-type").starts_with("application/json"))
    return {40001, "content-type must be application/json"};
  if (w.set.beyond == large_pages::refused && w.set.max_page_size != 0 && wanted.page_size > w.set.max_page_size)
    return {40003, "pageSize is too large"};
  narrow_to_account(w.set, asked.header("access-key"), wanted.wanted);
  return apply_range_rules(w.set.behaves.range, w.set.how.ends, w.at(now), wanted);
}

reply answer(world& w, const request& asked, epoch_ms now) {
  if (auto refused = refuse_at_gate(w, asked, now)) return *std::move(refused);
  query wanted;
  if (const refusal r = read_request(w, asked, now, wanted); r.code != 0) {
    ++w.stats.bad_parameters;
    return envelope(200, r.code, r.message, w.stats.requests);
  }
  const std::vector<fault> faults = w.faults.at(w.set.orders_from.seed, ++w.page_requests);
  ++(faults.empty() ? w.stats.pages : w.stats.faulted);
  return answer_page(w, wanted, faults, now);
}

}  // namespace

reply handle_page(world& w, const request& asked, epoch_ms now) {
  std::optional<reply> challenged = challenge(w.set.behaves.gate, w.at(now));
  reply out = challenged ? *std::move(challenged) : answer(w, asked, now);
  encode_reply(w.set.behaves.replies, out);
  return out;
}

void change_one(world& w, epoch_ms now) {
  const std::uint64_t hash = dice(w.set.orders_from.seed, purpose::picking, ++w.picks, 5).next();
  if (w.set.mutate_open) {
    w.orders.mutate_open(hash, now);
  } else {
    w.orders.mutate(hash, now);
  }
}

void advance(world& w, epoch_ms now, std::int64_t elapsed_ms) {
  if (w.frozen) return;
  const double seconds = static_cast<double>(elapsed_ms) / 1000.0;
  w.orders_due += w.set.live * seconds;
  while (w.orders_due >= 1) {
    --w.orders_due;
    dice roll(w.set.orders_from.seed, purpose::picking, ++w.picks, 4);
    const auto lag = static_cast<epoch_ms>(roll.next() % static_cast<std::uint64_t>(w.set.live_lag_ms + 1));
    w.orders.add(roll.percent(70) ? (now - lag) / 1000 * 1000 : now - lag, now);
  }
  w.mutations_due += w.set.mutate * seconds;
  while (w.mutations_due >= 1) {
    --w.mutations_due;
    change_one(w, now);
  }
}

}  // namespace pandapon_sim
