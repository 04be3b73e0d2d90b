#pragma once
// Collects what setup.hpp finds. Private to this folder; one thread.

#include <string>
#include <utility>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/config/load.hpp"

namespace devy::setup {

class Findings {
 public:
  explicit Findings(const config::Loaded& loaded) : loaded_(loaded) {}

  void add(const std::string& key, std::string message, std::string hint, bool is_warning = false) {
    const auto place = loaded_.places.find(key);
    found_.push_back({place == loaded_.places.end() ? key : place->second,
                      key + ": " + std::move(message), is_warning, std::move(hint), key});
  }

  // Runs `use`, and notes what it throws.
  template <class Use>
  void attempt(const std::string& key, const Use& use) {
    try {
      use();
    } catch (const base::Error& error) {
      add(key, error.text(),
          error.hint().empty() ? "devy-upload.toml(5) explains " + key + "." : error.hint());
    }
  }

  [[nodiscard]] const config::Loaded& loaded() const { return loaded_; }
  [[nodiscard]] const config::Config& config() const { return loaded_.config; }
  [[nodiscard]] std::vector<config::Problem> release() { return std::move(found_); }

 private:
  const config::Loaded& loaded_;
  std::vector<config::Problem> found_;
};

// In files of their own, by what they need.
void examine_serving(Findings& findings, base::TimePoint now);
void examine_files(Findings& findings);

}  // namespace devy::setup
