#include "fault.hpp"

#include <array>

namespace pandapon_sim {
namespace {

using a = action;
using t = argument;

constexpr std::array table{
    fault_kind{"vanish", a::vanish, t::optional,
               "the first N orders of the window are missing; only in windows of several pages, because in a window of "
               "one page no client could notice"},
    fault_kind{"appear", a::appear, t::optional, "the first N orders of the window are listed twice"},
    fault_kind{"add", a::add, t::optional, "N new orders are created in the window, permanently"},
    fault_kind{"mutate", a::mutate, t::optional, "N orders of the window move to their next status, permanently"},
    fault_kind{"shuffle", a::shuffle, t::nothing, "the window's orders come in a random order"},
    fault_kind{"page", a::page, t::count, "serves page N, whichever page was requested"},
    fault_kind{"short", a::short_page, t::optional, "the page lacks its last N orders; total counts them"},
    fault_kind{"total", a::total, t::change, "total is wrong: +N, -N or =N"},
    fault_kind{"bad-id", a::bad_id, t::optional, "N orders of the page have an invalid id"},

    fault_kind{"status", a::status, t::reply,
               "HTTP status N with an error envelope; `retry-after VALUE` adds the header"},
    fault_kind{"code", a::code, t::code, "HTTP 200 with an error envelope of code N; the rest of the line is msg"},
    fault_kind{"html", a::html, t::optional, "an HTML page with HTTP status N, 200 if left out"},
    fault_kind{"redirect", a::redirect, t::maybe_text, "302 to a place, https://elsewhere.example.com/ if left out"},
    fault_kind{"empty", a::empty, t::nothing, "200 without a body"},
    fault_kind{"body", a::body, t::text, "200 with this text as body"},
    fault_kind{"no-data", a::no_data, t::nothing, "the reply lacks data"},
    fault_kind{"null-data", a::null_data, t::nothing, "data is null"},
    fault_kind{"no-total", a::no_total, t::nothing, "the reply lacks total"},
    fault_kind{"no-code", a::no_code, t::nothing, "the reply lacks code"},
    fault_kind{"garbage", a::garbage, t::count, "N random bytes as body"},
    fault_kind{"bad-utf8", a::bad_utf8, t::nothing, "a byte in a text that is not UTF-8"},
    fault_kind{"deep", a::deep, t::count, "data nested N arrays deep"},
    fault_kind{"huge", a::huge, t::count, "a valid reply padded to N bytes"},
    fault_kind{"gzip", a::gzip, t::nothing, "Content-Encoding: gzip, although it was not requested"},
    fault_kind{"gzip-bomb", a::gzip_bomb, t::count, "the same, with a body padded to N bytes by leading blanks"},
    fault_kind{"gzip-broken", a::gzip_broken, t::maybe_text, "the same with a wrong checksum; `cut`: half of it"},

    fault_kind{"cut", a::cut, t::count, "the connection drops after N bytes of the body, without TLS close_notify"},
    fault_kind{"cut-clean", a::cut_clean, t::count, "the same, with TLS close_notify"},
    fault_kind{"close", a::close, t::nothing, "the connection closes before any reply"},
    fault_kind{"reset", a::reset, t::nothing, "the connection is reset before any reply"},
    fault_kind{"stall", a::stall, t::nothing, "no reply, until the client disconnects"},
    fault_kind{"stall-body", a::stall_body, t::count, "N bytes of the body, then nothing until the client disconnects"},
    fault_kind{"delay", a::delay, t::duration, "the reply comes that much later: 500ms, 2s"},
    fault_kind{"slow", a::slow, t::count, "the reply is sent at N bytes per second"},
    fault_kind{"length", a::length, t::change, "Content-Length is wrong: +N, -N or =N"},
    fault_kind{"no-length", a::no_length, t::nothing, "neither Content-Length nor chunks; closing ends the body"},
    fault_kind{"no-length-rude", a::no_length_rude, t::nothing, "the same, without TLS close_notify"},
    fault_kind{"two-lengths", a::two_lengths, t::nothing, "two Content-Length headers that differ"},
    fault_kind{"length-and-chunked", a::length_and_chunked, t::nothing, "chunks and a Content-Length"},
    fault_kind{"chunked", a::chunked, t::nothing, "chunks instead of Content-Length; valid, clients must accept it"},
    fault_kind{"chunked-cut", a::chunked_cut, t::nothing, "chunks that end without the last one"},
    fault_kind{"bad-chunk", a::bad_chunk, t::nothing, "a chunk whose size is not a number"},
    fault_kind{"extra", a::extra, t::count, "N bytes after the end of the reply"},
    fault_kind{"not-http", a::not_http, t::nothing, "bytes that are not HTTP"},
    fault_kind{"interim", a::interim, t::nothing, "an interim 100 before the reply; valid, clients must accept it"},
    fault_kind{"header", a::header, t::text, "another header: NAME VALUE"},
    fault_kind{"big-header", a::big_header, t::count, "another header of N bytes"},
    fault_kind{"then-close", a::then_close, t::nothing, "a good reply, then the connection closes unannounced"},
    fault_kind{"date", a::date, t::change, "the Date header is N seconds off"},
};

}  // namespace

std::span<const fault_kind> fault_kinds() {
  return table;
}

}  // namespace pandapon_sim
