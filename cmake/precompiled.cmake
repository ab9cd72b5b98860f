# Heavy headers of the standard library and of third parties, parsed once a build instead of once a source. They save
# time and nothing else: every source includes what it uses, and -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON must build.
#
# GCC takes a precompiled header only where flags and definitions are those it was made with; a target that disagrees
# fails at once (-Winvalid-pch, -Werror). And a header that defines objects has no place here: every source would
# construct them. CLI11's is one, and made each source slower by 3 s.

function(ordersync_header_set name) # NAME LIBRARIES... HEADERS...
  cmake_parse_arguments(PARSE_ARGV 1 set "" "" "LIBRARIES;HEADERS")
  add_library(ordersync_${name}_headers OBJECT EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(ordersync_${name}_headers PRIVATE ordersync_options ${set_LIBRARIES})
  target_precompile_headers(ordersync_${name}_headers PRIVATE ${set_HEADERS})
endfunction()

# The sources of TARGET begin with that set. A set with Asio needs a target that links ordersync_asio.
function(ordersync_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM ordersync_${name}_headers)
  target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:ordersync_${name}_headers,COMPILE_DEFINITIONS>)
endfunction()

set(standard <algorithm> <array> <charconv> <chrono> <cstdint> <cstdio> <deque> <filesystem> <fstream> <functional>
             <iterator> <map> <memory> <mutex> <optional> <random> <set> <span> <sstream> <stdexcept> <string>
             <string_view> <thread> <unordered_map> <utility> <variant> <vector> <fmt/format.h> <fmt/ranges.h>)
set(asio <boost/asio/any_io_executor.hpp> <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp>
         <boost/asio/bind_cancellation_slot.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
         <boost/asio/ip/tcp.hpp> <boost/asio/post.hpp> <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>
         <boost/asio/write.hpp>)

ordersync_header_set(plain LIBRARIES fmt::fmt HEADERS ${standard})
ordersync_header_set(network LIBRARIES fmt::fmt ordersync_asio Boost::json HEADERS ${standard} ${asio} <boost/json.hpp>)
if(ORDERSYNC_TESTS)
  find_package(GTest REQUIRED)
  ordersync_header_set(test LIBRARIES ordersync_test_options fmt::fmt ordersync_asio Boost::json GTest::gtest GTest::gmock
                       HEADERS ${standard} ${asio} <boost/json.hpp> <gtest/gtest.h> <gmock/gmock.h>)
endif()
