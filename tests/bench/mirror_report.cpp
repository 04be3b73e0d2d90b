#include "tests/bench/mirror_report.hpp"

#include <cmath>
#include <cstdio>

namespace devy::bench {

void MirrorReport::note(const std::string& name, double value, const std::string& unit) {
  std::printf("%-60s %10.2f %s\n", name.c_str(), value, unit.c_str());
  std::fflush(stdout);
  add(name, value, unit, std::nan(""));
}

void MirrorReport::at_most(const std::string& name, double value, double wanted,
                           const std::string& unit) {
  judge(name, value, wanted, unit, "≤", value <= wanted);
}

void MirrorReport::at_least(const std::string& name, double value, double wanted,
                            const std::string& unit) {
  judge(name, value, wanted, unit, "≥", value >= wanted);
}

void MirrorReport::judge(const std::string& name, double value, double wanted,
                         const std::string& unit, const char* sign, bool is_reached) {
  is_reached_ = is_reached_ && is_reached;
  std::printf("%-60s %10.2f %-9s (wanted %s %.2f)  %s\n", name.c_str(), value, unit.c_str(), sign,
              wanted, is_reached ? "reached" : "MISSED");
  std::fflush(stdout);
  add(name, value, unit, wanted);
}

void MirrorReport::add(const std::string& name, double value, const std::string& unit,
                       double wanted) {
  json_ += (json_.empty() ? "" : ",\n") + std::string("  {\"name\": \"") + name +
           "\", \"value\": " + std::to_string(value) + ", \"unit\": \"" + unit + "\"" +
           (std::isnan(wanted) ? "" : ", \"wanted\": " + std::to_string(wanted)) + "}";
}

}  // namespace devy::bench
