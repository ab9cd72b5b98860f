#pragma once
// In which form the API wants what it leaves open. The configuration says it, requests are made by it.

namespace ordersync::core {

enum class timestamp_unit { milliseconds, seconds };

// How filters that are not used appear in a request: the vendor marks all as required and does not say.
enum class unused_filters { omit, null, empty };

}  // namespace ordersync::core
