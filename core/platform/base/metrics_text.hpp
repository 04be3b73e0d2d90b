#pragma once
// Writes Prometheus' text exposition format, version 0.0.4: families of samples, in the order of
// the calls. Pure; any thread.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace devy::base {

class MetricsText {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string>>;

  // Begins the family of the samples that follow; `type` is gauge, counter, histogram or summary.
  void family(std::string_view name, std::string_view type, std::string_view help);
  // Adds a sample to the current family; `suffix` is what its type adds: "_bucket", "_sum". Label
  // values may contain any characters.
  void sample(double value, const Labels& labels = {}, std::string_view suffix = {});
  // Appends whole families that were written elsewhere.
  void append(std::string_view families) { text_ += families; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_, name_;
};

// Counts values by upper bounds, as a Prometheus histogram.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds)
      : bounds_(std::move(bounds)), counts_(bounds_.size()) {}
  void add(double value);
  // Writes into the current family, with labels besides its own.
  void write(MetricsText& text, const MetricsText::Labels& labels = {}) const;

 private:
  std::vector<double> bounds_;
  std::vector<double> counts_;  // values at or below each bound
  double sum_ = 0, count_ = 0;
};

}  // namespace devy::base
