#pragma once
// Collects the records of one delivery or page, so that the store writes each row once: a table
// after the other, ids ascending. It also counts the documents that could not be read. Not for use
// by several threads at once.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/mirror/records/record.hpp"

namespace devy::records {

// Documents that were passed over because they had no id.
struct Skipped {
  std::size_t count = 0;
  std::string first_reason = {};  // of the first one; names its path

  void add(std::string reason);
};

class Records {
 public:
  // A second record of a row joins the first: the newer one's columns count, and the older one
  // completes those that the newer one has not, because absent is not null. Of two of the same time
  // the one with more columns counts as the newer one, then the later one. A record that is only
  // added yields to one that is believed.
  void add(Record record);

  // By ascending key; valid until the next add().
  [[nodiscard]] std::vector<const Record*> of(Relation relation) const;
  // The first one with the id, or nullptr; valid until the next add().
  [[nodiscard]] const Record* find(Relation relation, std::int64_t id) const;
  [[nodiscard]] std::size_t size() const { return records_.size(); }

  // Nested documents that were passed over while the document around them was read.
  [[nodiscard]] const Skipped& skipped() const { return skipped_; }
  void skip(std::string reason) { skipped_.add(std::move(reason)); }

 private:
  using Key = std::tuple<Relation, std::int64_t, std::int64_t, std::string>;

  std::map<Key, Record> records_;
  Skipped skipped_;
};

}  // namespace devy::records
