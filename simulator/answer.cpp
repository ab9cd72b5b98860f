#include "answer.hpp"

#include "delivery.hpp"
#include "json_text.hpp"
#include "listing.hpp"
#include "random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace pandapon_sim {
namespace {

/// One page on its way to JSON.
struct page {
  std::vector<entry> all;  // of the window
  std::vector<row> here;
  std::int64_t total = 0;
  std::int64_t bad_ids = 0;
  bool data = true, null_data = false, with_total = true, with_code = true;
};

void add_orders(world& w, const filter& wanted, std::int64_t count, epoch_ms now) {
  // Within the shop's life: no order is created before it began, nor after its end and now.
  const epoch_ms to = std::min(wanted.to.value_or(now), std::max(now, w.set.to));
  const epoch_ms from = std::min(std::max(wanted.from.value_or(to - 60'000), w.set.from), to - 1000);
  for (std::int64_t i = 0; i < count; ++i) {
    dice roll(w.set.orders_from.seed, purpose::picking, ++w.picks, 1);
    const auto range = static_cast<std::uint64_t>(std::max<epoch_ms>(to - from, 1));
    w.orders.add(from + static_cast<epoch_ms>(roll.next() % range) / 1000 * 1000, now);
  }
}

void mutate_some(world& w, const std::vector<entry>& among, std::int64_t count, epoch_ms now) {
  for (std::int64_t i = 0; i < count && !among.empty(); ++i) {
    dice roll(w.set.orders_from.seed, purpose::picking, ++w.picks, 2);
    w.orders.mutate_entry(among[roll.below(static_cast<std::uint32_t>(among.size()))], now);
  }
}

void shuffle(std::vector<entry>& entries, dice roll) {
  for (std::size_t i = entries.size(); i > 1; --i)
    std::swap(entries[i - 1], entries[roll.below(static_cast<std::uint32_t>(i))]);
}

void change_window(world& w, page& p, std::uint32_t page_size, const std::vector<fault>& faults, epoch_ms now) {
  for (const fault& f : faults) {
    const auto count = static_cast<std::ptrdiff_t>(std::min<std::int64_t>(f.number, std::ssize(p.all)));
    if (f.what == action::mutate) mutate_some(w, p.all, f.number, now);
    if (f.what == action::vanish && p.all.size() > page_size) p.all.erase(p.all.begin(), p.all.begin() + count);
    if (f.what == action::appear) {
      const std::vector<entry> again(p.all.begin(), p.all.begin() + count);
      p.all.insert(p.all.begin(), again.begin(), again.end());
    }
    if (f.what == action::shuffle) shuffle(p.all, dice(w.set.orders_from.seed, purpose::picking, w.page_requests, 3));
  }
}

void cut_page(const world& w, page& p, page_place at, const std::vector<fault>& faults) {
  for (const fault& f : faults) {
    if (f.what == action::page) at.number = static_cast<std::uint32_t>(std::max<std::int64_t>(1, f.number));
    if (f.what == action::short_page) at.missing += static_cast<std::size_t>(f.number);
  }
  page_rows cut = list_page(w, p.all, at);
  p.here = std::move(cut.here);
  p.total = cut.total;
}

void lie(page& p, const std::vector<fault>& faults) {
  for (const fault& f : faults) {
    switch (f.what) {
      case action::total:
        if (f.sign == '=') p.total = 0;
        p.total += f.sign == '-' ? -f.number : f.number;
        break;
      case action::bad_id:
        p.bad_ids += f.number;
        break;
      case action::no_data:
        p.data = false;
        break;
      case action::null_data:
        p.null_data = true;
        break;
      case action::no_total:
        p.with_total = false;
        break;
      case action::no_code:
        p.with_code = false;
        break;
      default:
        break;
    }
  }
}

void leave_empty(empty_data as, page& p) {
  p.null_data = as == empty_data::null;
  p.data = as != empty_data::absent;
}

/// Replaces the id, which is an order's first field, by one that no order can have.
void spoil_id(std::string& out, std::size_t order_at, std::uint64_t which) {
  static constexpr std::array<std::string_view, 5> none{"\"id\":null", "\"id\":9223372036854775808", "\"id\":\"x17\"",
                                                        "\"id\":\"\"", "\"id\":1.5"};
  const std::size_t begin = order_at + 1;
  out.replace(begin, out.find(',', begin) - begin, none[which % none.size()]);
}

std::string write_page(const world& w, const page& p) {
  showing how;
  how.fat = w.set.behaves.replies.fat;
  if (w.set.wander) how.call = w.page_requests;
  std::string out;
  out.reserve(p.here.size() * 4096 + 128);
  out += '{';
  if (p.with_total) {
    out += "\"total\":";
    append_number(out, p.total);
    out += ',';
  }
  if (p.null_data) {
    out += "\"data\":null,";
  } else if (p.data) {
    out += "\"data\":[";
    for (std::size_t i = 0; i < p.here.size(); ++i) {
      const std::size_t at = out.size();
      how.older = p.here[i].older;
      w.orders.write_wire(out, p.here[i].which, how);
      if (std::cmp_less(i, p.bad_ids)) spoil_id(out, at, w.page_requests + i);
      out += ',';
    }
    close(out, ']');
    out += ',';
  }
  if (p.with_code) out += "\"code\":200,";
  close(out, '}');
  return out;
}

std::uint32_t page_size_of(const options& set, std::uint32_t asked) {
  constexpr std::uint32_t few = 20;
  if (set.max_page_size == 0 || asked <= set.max_page_size) return asked;
  return set.beyond == large_pages::few ? std::min(few, set.max_page_size) : set.max_page_size;
}

std::string nested_arrays(std::int64_t depth) {
  const auto size = static_cast<std::size_t>(depth);
  return "{\"total\":1,\"data\":" + std::string(size, '[') + std::string(size, ']') + ",\"code\":200}";
}

void spoil_text(std::string& body) {
  const auto byte =
      std::find_if(body.begin(), body.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (byte != body.end()) *byte = '\xff';
}

}  // namespace

void spoil_reply(const world& w, const fault& f, reply& r) {
  switch (f.what) {
    case action::status:
      r = envelope(static_cast<unsigned>(f.number), f.number * 100, "simulated", w.page_requests);
      if (!f.text.empty()) r.headers.push_back({"Retry-After", f.text});
      return;
    case action::code:
      r = envelope(200, f.number, f.text.empty() ? "simulated" : f.text, w.page_requests);
      return;
    case action::html:
      r.status = f.number < 200 ? 200 : static_cast<unsigned>(f.number);
      r.content_type = "text/html; charset=utf-8";
      r.body = "<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>\n";
      return;
    case action::redirect:
      r.status = 302;
      r.headers.push_back({"Location", f.text.empty() ? "https://elsewhere.example.com/" : f.text});
      r.body.clear();
      return;
    case action::empty:
      r.body.clear();
      return;
    case action::body:
      r.body = f.text;
      return;
    case action::garbage:
      r.body = junk(w.page_requests, f.number);
      return;
    case action::bad_utf8:
      spoil_text(r.body);
      return;
    case action::deep:
      r.body = nested_arrays(f.number);
      return;
    case action::huge:
      if (!r.body.empty() && std::cmp_less(r.body.size(), f.number))
        r.body.insert(r.body.size() - 1, static_cast<std::size_t>(f.number) - r.body.size(), ' ');
      return;
    default:
      return;
  }
}

reply envelope(unsigned status, std::int64_t code, std::string_view message, std::uint64_t request_number) {
  reply out;
  out.status = status;
  out.body = fmt::format("{{\"requestId\":\"{:016x}\",\"code\":{},\"developId\":\"1053981698523398640\",\"msg\":",
                         mix(request_number), code);
  append_quoted(out.body, message);
  out.body += ",\"data\":null}";
  return out;
}

reply answer_page(world& w, const query& asked, const std::vector<fault>& faults, epoch_ms now) {
  for (const fault& f : faults)
    if (f.what == action::add) add_orders(w, asked.wanted, f.number, now);
  const std::uint32_t size = page_size_of(w.set, asked.page_size);
  page p;
  p.all = w.orders.select(visible(w.set.behaves.listing, asked, w.at(now)));
  change_window(w, p, size, faults, now);
  cut_page(w, p, {asked.page, size}, faults);
  if (p.here.empty()) leave_empty(w.set.behaves.replies.empty, p);
  lie(p, faults);
  reply out;
  out.body = write_page(w, p);
  for (const fault& f : faults) spoil_reply(w, f, out);
  out.faults = faults;
  w.stats.orders_served += p.here.size();
  return out;
}

}  // namespace pandapon_sim
