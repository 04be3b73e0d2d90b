#pragma once
// The figures of a benchmark beside what is wanted of them: printed as a table, and as JSON. For
// the benchmarks only.

#include <functional>
#include <string>
#include <vector>

namespace devy::bench {

struct Figure {
  std::string name;
  double value = 0;
  double wanted = 0;      // 0: it is told, and nothing is wanted of it
  bool is_limit = false;  // the value is to be at most `wanted`; otherwise at least
  std::string unit = {};
  [[nodiscard]] bool is_reached() const {
    return wanted == 0 || (is_limit ? value <= wanted : value >= wanted);
  }
};

// Prints them. False: some is not reached.
bool print(const std::vector<Figure>& figures);
[[nodiscard]] std::string figures_json(const std::vector<Figure>& figures);

// The main() of a benchmark: runs it, printing what it adds as soon as that is known, since a later
// part may fail; writes the JSON where --json FILE asks for that. The exit status is 1 where
// something wanted was missed, and 70 where it failed.
using AddFigures = std::function<void(std::vector<Figure> figures)>;
[[nodiscard]] int run_figures(const char* name, int argc, char** argv,
                              const std::function<void(const AddFigures& add)>& run);

// The value below which that part of them is, 0.5 for the median; 0 for none.
[[nodiscard]] double quantile(std::vector<double> values, double part);

}  // namespace devy::bench
