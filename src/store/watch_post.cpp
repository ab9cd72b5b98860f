#include "store/watch_post.hpp"

namespace ordersync::store {

std::unique_ptr<watch_post> make_watch_post(settings /*s*/, instance /*self*/, core::log& /*log*/) {
  return nullptr;
}

}  // namespace ordersync::store
