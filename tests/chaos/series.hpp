#pragma once
// What is measured again and again over a long run, and whether it grew: the median of the first
// third against that of the last, once it has warmed up. Values; one thread.

#include <cstddef>
#include <string>
#include <vector>

namespace devy::testing {

// More than `first · (1 + share) + extra` in the last third is growth.
struct Tolerance {
  double share = 0, extra = 0;
};

struct Series {
  std::string name;  // with its unit
  Tolerance tolerance;
  std::vector<double> values = {};

  // Medians; 0 of none.
  [[nodiscard]] double first_third() const;
  [[nodiscard]] double last_third() const;
  [[nodiscard]] double most() const;
  [[nodiscard]] bool has_grown() const;

 private:
  [[nodiscard]] std::size_t warm_from() const;
};

[[nodiscard]] double median(std::vector<double> values);
// A line a series under a heading, as people read it.
[[nodiscard]] std::string table_of(const std::vector<Series>& all);

}  // namespace devy::testing
