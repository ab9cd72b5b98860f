#pragma once
// Which reads of an account have nothing to say any more: later ones have proven and shown all that they did. Pure; one
// thread; cheap to copy, for a transaction may run again.
//
// Later means that it began after the other had ended, so that it is later in every order that anybody asks for. Then
// each second has the same latest proof without the superseded read, each retraction takes back the same, and the read
// that showed an order last is the same.

#include "core/time.hpp"
#include "sync/interval_set.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ordersync::store::coverage {

struct proven_read {
  std::string scope;   // as sweeps.scope: each has proof of its own
  core::window range;  // that was asked for
  core::window proven;
  core::instant started_at{};
  core::instant finished_at{};
  bool saw_orders = false;
};

class superseded_reads {
 public:
  // Whether the mirror has an order that was created then.
  using holds_order = std::function<bool(const core::window&)>;

  // Reads come by their ends, the latest first; those that are superseded are not to be kept.
  bool is_superseded(const proven_read& read, const holds_order& any);
  void keep(const proven_read& read);

 private:
  struct scope {
    std::vector<proven_read> waiting;  // a heap: the one that began last is in front
    sync::interval_set proven;
    sync::interval_set shown;  // by reads that saw orders
  };
  static void take_later(scope& of, core::instant than);

  std::map<std::string, scope> scopes_;
};

}  // namespace ordersync::store::coverage
