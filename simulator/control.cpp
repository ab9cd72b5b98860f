#include "answer.hpp"
#include "api.hpp"
#include "random.hpp"

#include <charconv>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace pandapon_sim {
namespace {

reply plain(unsigned status, std::string body) {
  reply out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

/// `n=17` of a query string, 1 if there is none.
std::int64_t count_of(std::string_view query) {
  std::int64_t n = 1;
  if (query.starts_with("n=")) std::from_chars(query.data() + 2, query.data() + query.size(), n);
  return n;
}

/// Ids parted by anything that is no digit.
std::vector<std::int64_t> ids_of(std::string_view text) {
  std::vector<std::int64_t> out;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    std::int64_t id = 0;
    const auto read = std::from_chars(at, text.data() + text.size(), id);
    if (read.ec == std::errc{}) out.push_back(id);
    at = read.ec == std::errc{} ? read.ptr : at + 1;
  }
  return out;
}

/// 404 if there is one that is not known; the others go or come all the same.
reply show(world& w, const std::string& ids, bool shown, epoch_ms now) {
  std::size_t known = 0;
  const auto all = ids_of(ids);
  for (const std::int64_t id : all) known += shown ? w.orders.come_back(id, now) : w.orders.vanish(id, now);
  if (known < all.size() || all.empty()) return envelope(404, 40400, "no such order", w.stats.requests);
  return plain(200, "{}\n");
}

/// The request numbers of the new plan begin at 1 again.
reply replace_faults(world& w, const std::string& text) {
  try {
    w.faults = fault_plan::parse(text);
  } catch (const std::runtime_error& error) {
    return envelope(400, 40000, error.what(), w.stats.requests);
  }
  w.page_requests = 0;
  return plain(200, "{}\n");
}

}  // namespace

reply handle_control(world& w, const request& asked, epoch_ms now) {
  const bool get = asked.method == "GET";
  if (get && asked.path == "/_stats")
    return plain(200, describe(w.stats, w.orders.size(), w.orders.added(), w.orders.mutated()) + "\n");
  if (get || asked.method != "POST") return envelope(404, 40400, "no such path", w.stats.requests);
  if (asked.path == "/_faults") return replace_faults(w, asked.body);
  if (asked.path == "/_vanish" || asked.path == "/_return") return show(w, asked.body, asked.path == "/_return", now);
  if (asked.path == "/_freeze" || asked.path == "/_thaw") {
    w.frozen = asked.path == "/_freeze";
  } else if (asked.path == "/_add") {
    for (std::int64_t i = count_of(asked.query); i > 0; --i) w.orders.add(now / 1000 * 1000, now);
  } else if (asked.path == "/_mutate") {
    for (std::int64_t i = count_of(asked.query); i > 0; --i)
      w.orders.mutate(dice(w.set.orders_from.seed, purpose::picking, ++w.picks, 5).next(), now);
  } else if (asked.path == "/_secret") {
    w.set.access_secret = asked.body;
  } else {
    return envelope(404, 40400, "no such path", w.stats.requests);
  }
  return plain(200, "{}\n");
}

}  // namespace pandapon_sim
