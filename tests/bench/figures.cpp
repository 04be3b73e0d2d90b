#include "tests/bench/figures.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>

#include "core/platform/base/log.hpp"

namespace devy::bench {

bool print(const std::vector<Figure>& figures) {
  bool is_reached = true;
  for (const auto& figure : figures) {
    std::printf("%-44s %10.2f %-4s", figure.name.c_str(), figure.value, figure.unit.c_str());
    if (figure.wanted > 0)
      std::printf(" (wanted: %s %g)%s", figure.is_limit ? "at most" : "at least", figure.wanted,
                  figure.is_reached() ? "" : " MISSED");
    std::printf("\n");
    is_reached = is_reached && figure.is_reached();
  }
  std::fflush(stdout);
  return is_reached;
}

std::string figures_json(const std::vector<Figure>& figures) {
  std::ostringstream json;
  json << "[";
  for (std::size_t i = 0; i < figures.size(); ++i)
    json << (i == 0 ? "\n" : ",\n") << R"(  {"name": ")" << figures[i].name << R"(", "value": )"
         << figures[i].value << R"(, "unit": ")" << figures[i].unit << R"(", "wanted": )"
         << figures[i].wanted << "}";
  json << "\n]\n";
  return json.str();
}

int run_figures(const char* name, int argc, char** argv,
                const std::function<void(const AddFigures& add)>& run) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  const std::vector<std::string> words(argv + 1, argv + argc);
  std::vector<Figure> all;
  bool is_reached = true;
  int status = 0;
  try {
    run([&](std::vector<Figure> figures) {
      is_reached = print(figures) && is_reached;
      all.insert(all.end(), figures.begin(), figures.end());
    });
    status = is_reached ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    status = 70;
  }
  if (words.size() == 2 && words[0] == "--json") std::ofstream(words[1]) << figures_json(all);
  return status;
}

double quantile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace devy::bench
