#pragma once
// Performs one check by counts: does what the check says next, with the API and the mirror. What differs is
// stored by the usual transaction, as orders that were read apart from their windows. One I/O thread; what is given
// outlives it.

#include "app/freshness/count_questions.hpp"
#include "store/store.hpp"
#include "sync/recheck/count_check.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::app::freshness {

class check_performing {
 public:
  struct dependencies {
    store::database& database;
    count_questions& ask;
    std::function<core::instant()> observed_now;
  };
  template <class T>
  using answer = count_questions::answer<T>;

  check_performing(dependencies around, std::string account)
      : around_(std::move(around)), account_(std::move(account)) {}

  // To its end; fails with what kept the API or the database from answering. What was stored until then stays.
  answer<void> perform(sync::recheck::count_check& check);
  // Ends `perform` after the step in hand.
  void stop() noexcept { stopping_ = true; }

 private:
  answer<std::vector<core::order>> differing(std::vector<core::order> orders);
  answer<void> step(sync::recheck::count_check& check, const sync::recheck::count_mirror& of);
  answer<void> step(sync::recheck::count_check& check, const sync::recheck::count_api& of);
  answer<void> step(sync::recheck::count_check& check, const sync::recheck::find_cut& of);
  answer<void> step(sync::recheck::count_check& check, const sync::recheck::read_page& of);
  answer<void> step(sync::recheck::count_check& check, const sync::recheck::read_mirror& of);
  answer<void> step(sync::recheck::count_check& check, const sync::recheck::look_up& of);
  answer<void> step(sync::recheck::count_check& check, const sync::recheck::store_orders& of);
  static answer<void> step(sync::recheck::count_check& check, const sync::recheck::finished& of);

  dependencies around_;
  const std::string account_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::freshness
