#pragma once
// What GitHub tells, as the mirror's operations write it: one delivery's document, one page or one
// answer, each a transaction. For tests that apply such things in orders of their own. Values; any
// thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mirror/records/records.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::mirror {
namespace interleavings_test {

struct Told {
  std::string words;  // for people: "page of issues, asked for at 12:00:05"
  records::Records records;
  ApplyOptions options;
  std::vector<RowEnd> ends;  // of rows, after the records were applied
};

struct Delivered {
  std::string event;
  std::string payload;
  std::int64_t repository_id = 0;
  base::TimePoint received_at{};
  // Whether the secret is the App's, which is believed about everything; else the repository's own.
  bool is_of_app = false;
};
// One for each operation that the delivery causes (core/mirror/subscriber.cpp), but for those that
// only ask GitHub. Throws base::Error for a payload that cannot be read.
[[nodiscard]] std::vector<Told> told_by_delivery(const Delivered& delivered);

[[nodiscard]] json::Value parsed_document(std::string_view text);

}  // namespace interleavings_test
}  // namespace devy::mirror
