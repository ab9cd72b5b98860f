#include "listing.hpp"

#include "random.hpp"

#include <algorithm>
#include <iterator>

namespace pandapon_sim {
namespace {

/// Where the second row of an order goes.
enum class seat : std::uint8_t { behind, before, end_of_page };

dice roll_of(const world& w, entry which) {
  return {w.set.orders_from.seed, purpose::listing, which};
}

bool is_twice(const world& w, entry which) {
  return roll_of(w, which).per_ten_thousand(w.set.behaves.listing.twice) && w.orders.has_older_state(which);
}

/// An order is on one page with its second row, unless rows are counted: then the two may part at the page's end.
void append_rows(const world& w, entry which, std::vector<row>& out, std::vector<row>* end_of_page) {
  if (!is_twice(w, which)) return out.push_back({which});
  dice roll = roll_of(w, which);
  roll.next();
  const auto place = static_cast<seat>(roll.below(end_of_page == nullptr ? 2 : 3));
  if (place == seat::before) out.push_back({which, true});
  out.push_back({which});
  if (place == seat::behind) out.push_back({which, true});
  if (place == seat::end_of_page) end_of_page->push_back({which, true});
}

template <class Item>
std::vector<Item> slice(const std::vector<Item>& all, const page_place& at) {
  const std::size_t begin = std::min(all.size(), (at.number - std::size_t{1}) * at.size);
  std::size_t end = std::min(all.size(), begin + at.size);
  end -= std::min(end - begin, at.missing);
  return {all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end)};
}

void move_page(beyond_last rule, std::size_t rows, page_place& at) {
  const std::size_t last = std::max<std::size_t>(1, (rows + at.size - 1) / at.size);
  if (rule == beyond_last::first_page) at.number = 1;
  if (rule == beyond_last::last_page && at.number > last) at.number = static_cast<std::uint32_t>(last);
}

page_rows cut_counted_rows(const world& w, const std::vector<entry>& all, page_place at) {
  std::vector<row> rows;
  for (const entry which : all) append_rows(w, which, rows, nullptr);
  move_page(w.set.behaves.paging.beyond, rows.size(), at);
  return {slice(rows, at), std::ssize(rows)};
}

page_rows cut_orders(const world& w, const std::vector<entry>& all, page_place at) {
  move_page(w.set.behaves.paging.beyond, all.size(), at);
  page_rows out;
  out.total = std::ssize(all);
  std::vector<row> at_the_end;
  for (const entry which : slice(all, at)) append_rows(w, which, out.here, &at_the_end);
  out.here.insert(out.here.end(), at_the_end.begin(), at_the_end.end());
  return out;
}

std::int64_t count_lines(const world& w, const std::vector<entry>& all) {
  std::int64_t lines = 0;
  for (const entry which : all) lines += w.orders.lines(which);
  return lines;
}

}  // namespace

filter visible(const listing_rules& rules, const query& asked, const moment& at) {
  filter out = asked.wanted;
  const bool kept = asked.names_status || (out.tb_order_id && rules.look_ups_find_finished);
  out.without_finished = rules.hide_finished_after_ms && at.running_ms >= *rules.hide_finished_after_ms && !kept;
  out.status_misses = rules.status_misses;
  if (rules.status_lag_ms != 0) out.status_at = at.now - rules.status_lag_ms;
  if (rules.hide_older_than_ms && at.running_ms >= rules.hide_older_after_ms)
    out.from = std::max(out.from.value_or(0), at.now - *rules.hide_older_than_ms);
  return out;
}

page_rows list_page(const world& w, std::vector<entry>& all, page_place at) {
  const behaviour& behaves = w.set.behaves;
  if (behaves.listing.cap != 0 && all.size() > behaves.listing.cap) all.resize(behaves.listing.cap);
  page_rows out = behaves.listing.twice_counted ? cut_counted_rows(w, all, at) : cut_orders(w, all, at);
  if (behaves.paging.total == total_of::lines) out.total = count_lines(w, all);
  if (behaves.paging.total == total_of::page) out.total = std::ssize(out.here);
  return out;
}

}  // namespace pandapon_sim
