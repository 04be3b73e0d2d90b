#pragma once
// The figures of scripts/bench mirror: each a line on stdout as soon as it is known, all of them as
// JSON at the end, and whether what is wanted of them was reached. One thread.

#include <string>

namespace devy::bench {

class MirrorReport {
 public:
  // A figure that nothing is wanted of: it explains another one, or is a peer's.
  void note(const std::string& name, double value, const std::string& unit);
  // One that must not be more, or less, than `wanted`.
  void at_most(const std::string& name, double value, double wanted, const std::string& unit);
  void at_least(const std::string& name, double value, double wanted, const std::string& unit);

  [[nodiscard]] bool is_reached() const { return is_reached_; }
  [[nodiscard]] std::string json() const { return "[\n" + json_ + "\n]\n"; }

 private:
  void judge(const std::string& name, double value, double wanted, const std::string& unit,
             const char* sign, bool is_reached);
  void add(const std::string& name, double value, const std::string& unit, double wanted);

  bool is_reached_ = true;
  std::string json_;
};

}  // namespace devy::bench
