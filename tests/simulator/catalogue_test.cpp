#include "catalogue.hpp"

#include "asking.hpp"
#include "compose.hpp"
#include "identity.hpp"
#include "past.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace pandapon_sim::testing {
namespace {

std::string everything(const world& w) {
  std::string out;
  for (const entry which : w.orders.select({})) w.orders.write_wire(out, which);
  return out;
}

TEST(density, makes_exactly_as_many_as_asked_and_none_outside) {
  const epoch_ms from = noon + 17;
  for (const std::uint32_t orders : {1U, 2U, 999U, 50'000U}) {
    const auto times = creation_times(3, orders, from, from + 86'400'000 * 3);
    ASSERT_EQ(times.size(), orders);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    EXPECT_GE(times.front(), from);
    EXPECT_LT(times.back(), from + 86'400'000 * 3);
  }
}

TEST(density, nights_are_quiet) {
  const epoch_ms midnight = noon - 12 * 3'600'000;
  const auto times = creation_times(3, 10'000, midnight, midnight + 24 * 3'600'000);
  const auto within = [&](int from_hour, int to_hour) {
    return std::count_if(times.begin(), times.end(), [&](epoch_ms t) {
      return t >= midnight + from_hour * 3'600'000LL && t < midnight + to_hour * 3'600'000LL;
    });
  };
  EXPECT_GT(within(10, 12), 10 * within(2, 4));
}

TEST(density, some_orders_share_a_second_and_some_fall_between_seconds) {
  const auto times = creation_times(3, 10'000, noon, noon + 86'400'000);
  EXPECT_NE(std::adjacent_find(times.begin(), times.end()), times.end());
  EXPECT_TRUE(std::any_of(times.begin(), times.end(), [](epoch_ms t) { return t % 1000 != 0; }));
}

TEST(catalogue, the_same_seed_gives_the_same_data_and_another_gives_other) {
  options set = some_orders(500, 5);
  const std::string first = everything(world(set));
  EXPECT_EQ(first, everything(world(set)));
  set.orders_from.seed = 8;
  EXPECT_NE(first, everything(world(set)));
}

TEST(catalogue, ids_are_distinct_and_no_double_holds_them) {
  std::set<std::int64_t> ids;
  for (std::uint32_t serial = 0; serial < 20'000; ++serial) {
    ids.insert(order_id(1, serial));
    ids.insert(line_id(1, serial, 0));
    ids.insert(line_id(1, serial, 79));
  }
  EXPECT_EQ(ids.size(), 60'000U);
  EXPECT_GT(*ids.begin(), std::int64_t{1} << 53);
}

TEST(catalogue, an_order_is_found_by_its_number_within_the_range_alone) {
  const world w(some_orders(1000));
  for (entry which = 0; which < 1000; ++which) {
    filter wanted;
    wanted.tb_order_id = std::to_string(tb_order_id(7, which));
    EXPECT_EQ(w.orders.select(wanted), std::vector<entry>{which});
    wanted.from = w.set.to;
    EXPECT_TRUE(w.orders.select(wanted).empty());
    wanted.from.reset();
    wanted.to = w.set.from;
    EXPECT_TRUE(w.orders.select(wanted).empty());
  }
  const auto digits = [](std::int64_t number) { return std::to_string(number); };
  const std::vector<std::string> nobodys{"",
                                         "17",
                                         "x",
                                         "0" + digits(tb_order_id(7, 1)),
                                         digits(tb_order_id(7, 1) + 1),
                                         digits(tb_order_id(7, 1000)),
                                         digits(tb_order_id(8, 1)),
                                         "99999999999999999999"};
  for (const std::string& number : nobodys) {
    filter wanted;
    wanted.tb_order_id = number;
    EXPECT_TRUE(w.orders.select(wanted).empty()) << number;
  }
}

TEST(catalogue, the_last_serial_still_has_ids_within_int64) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    EXPECT_GT(order_id(seed, serial_limit - 1), 0);
    EXPECT_LT(order_id(seed, serial_limit - 1), line_id(seed, serial_limit - 1, 89));
  }
}

TEST(catalogue, slots_run_through_the_orders_by_id) {
  const world w(some_orders(1000));
  std::int64_t last = 0;
  std::size_t found = 0;
  for (std::uint32_t slot = 0; slot < w.orders.slots(); ++slot) {
    const auto at = w.orders.at_slot(slot);
    if (!at) continue;
    const std::int64_t id = order_id(7, at->serial);
    EXPECT_GT(id, last);
    last = id;
    ++found;
  }
  EXPECT_EQ(found, 1000U);
}

TEST(catalogue, an_order_that_is_added_stands_in_its_place_of_time) {
  world w(some_orders(100));
  w.orders.add(noon + 5, noon + 5);
  filter at;
  at.from = noon + 5;
  at.to = noon + 6;
  EXPECT_EQ(w.orders.select(at).size(), 1U);
  EXPECT_EQ(w.orders.size(), 101U);
}

TEST(catalogue, a_mutation_changes_one_order_and_no_creation_time) {
  world w(some_orders(50));
  const auto before = w.orders.select({});
  std::string was, is;
  w.orders.write_wire(was, before[17]);
  const std::string truth_before = truth(w);
  w.orders.mutate_entry(before[17], noon);
  w.orders.write_wire(is, before[17]);
  EXPECT_NE(was, is);
  EXPECT_EQ(before, w.orders.select({}));
  EXPECT_NE(truth_before, truth(w));
}

TEST(catalogue, lists_what_happened_to_orders_since_it_was_made) {
  world w(some_orders(100));
  EXPECT_TRUE(w.orders.events().empty());
  const entry old = w.orders.select({})[17];
  w.orders.mutate_entry(old, noon + 10);
  w.orders.add(noon - 2000, noon + 20);  // appears later than it was created
  w.orders.mutate_entry(old, noon + 30);
  std::string lines;
  for (const event& what : w.orders.events()) {
    w.orders.write_event(lines, what);
    lines += '\n';
  }
  const auto created = creation_times(7, 100, w.set.from, w.set.to)[old];
  const auto status = [&](entry which, std::uint16_t version) {
    return static_cast<int>(w.orders.stood(which, version).status);
  };
  const auto line = [&](epoch_ms at, entry which, const char* what, epoch_ms created_at, std::uint16_t version) {
    const std::string before = version == 0 ? "null" : fmt::format("{}", status(which, version - 1));
    return fmt::format(R"({{"at":{},"id":{},"what":"{}","created_at":{},"version":{},"status_before":{},"status":{}}})",
                       at, order_id(7, which), what, created_at, version, before, status(which, version)) +
           "\n";
  };
  EXPECT_EQ(lines, line(noon + 10, old, "changed", created, 1) + line(noon + 20, 100, "created", noon - 2000, 0) +
                       line(noon + 30, old, "changed", created, 2));
}

TEST(catalogue, an_order_that_vanished_is_not_served_until_it_returns) {
  world w(some_orders(100));
  const entry one = w.orders.select({})[17];
  const std::int64_t id = order_id(7, one);
  EXPECT_TRUE(w.orders.vanish(id, noon));
  EXPECT_TRUE(w.orders.vanish(id, noon));
  EXPECT_EQ(w.orders.select({}).size(), 99U);
  filter by_number;
  by_number.tb_order_id = std::to_string(tb_order_id(7, one));
  EXPECT_TRUE(w.orders.select(by_number).empty());
  EXPECT_NE(truth(w).find("\"vanished\":true"), std::string::npos);
  EXPECT_TRUE(w.orders.come_back(id, noon + 1));
  EXPECT_EQ(w.orders.select(by_number).size(), 1U);
  EXPECT_EQ(truth(w).find("vanished"), std::string::npos);
  EXPECT_EQ(w.orders.events().size(), 2U);
  EXPECT_FALSE(w.orders.vanish(1, noon));
}

TEST(catalogue, shows_how_things_stood_at_a_moment) {
  world w(some_orders(100));
  const entry one = w.orders.select({})[17];
  const auto at = [&](epoch_ms time) {
    const past then(w.orders, time);
    std::string out;
    for (std::uint32_t slot = 0; slot < w.orders.slots(); ++slot) {
      const auto found = w.orders.at_slot(slot);
      const auto shown = found ? then.of(*found) : std::nullopt;
      if (!shown) continue;
      w.orders.write_truth(out, *shown);
      out += '\n';
    }
    return out;
  };
  std::vector<std::string> truths{truth(w)};
  w.orders.mutate_entry(one, noon + 10);
  truths.push_back(truth(w));
  w.orders.vanish(order_id(7, one), noon + 20);
  truths.push_back(truth(w));
  w.orders.add(noon - 2000, noon + 30);
  truths.push_back(truth(w));
  w.orders.come_back(order_id(7, one), noon + 40);
  w.orders.mutate_entry(one, noon + 40);
  truths.push_back(truth(w));
  for (std::size_t i = 0; i < truths.size(); ++i) {
    EXPECT_EQ(at(noon + static_cast<epoch_ms>(i) * 10), truths[i]) << i;
    EXPECT_EQ(at(noon + static_cast<epoch_ms>(i) * 10 + 9), truths[i]) << i;
  }
}

TEST(catalogue, every_mutation_changes_something_that_is_shown) {
  const world w(some_orders(0));
  for (std::uint32_t serial = 0; serial < 200; ++serial) {
    std::string last;
    for (std::uint16_t mutations = 0; mutations < 20; ++mutations) {
      std::string now;
      w.orders.write_truth(now, {{noon, serial, mutations, 0}});
      EXPECT_NE(now, last) << "order " << serial << ", mutation " << mutations;
      last = now;
    }
  }
}

TEST(time, live_orders_come_at_their_rate_and_stop_when_frozen) {
  options set = some_orders(0);
  set.live = 2.5;
  world w(set);
  for (int i = 0; i < 40; ++i) advance(w, noon + i * 50, 50);
  EXPECT_EQ(w.orders.size(), 5U);
  w.frozen = true;
  advance(w, noon + 60'000, 60'000);
  EXPECT_EQ(w.orders.size(), 5U);
}

TEST(time, a_lag_lists_orders_after_their_creation_only) {
  options set = some_orders(0);
  set.live = 100;
  set.live_lag_ms = 3000;
  world w(set);
  advance(w, noon, 1000);
  const auto all = w.orders.select({});
  ASSERT_EQ(all.size(), 100U);
  filter late;
  late.from = noon + 1;
  EXPECT_TRUE(w.orders.select(late).empty());
  filter early;
  early.to = noon - 4000;
  EXPECT_TRUE(w.orders.select(early).empty());
}

}  // namespace
}  // namespace pandapon_sim::testing
