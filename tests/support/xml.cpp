#include "tests/support/xml.hpp"

#include <array>
#include <cstdio>
#include <sstream>
#include <stdexcept>

#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace {

constexpr const char* script = R"python(
import sys
import xml.etree.ElementTree as tree

def say(name, value):
    print(name + "=" + value.replace("\\", "\\\\").replace("\n", "\\n"))

def walk(element, path):
    path += element.tag.rpartition("}")[2]
    for name, value in element.attrib.items():
        say(path + "@" + name.rpartition("}")[2], value)
    if len(element) == 0:
        say(path, element.text or "")
    for child in element:
        walk(child, path + "/")

sys.stdout.reconfigure(encoding="utf-8")
try:
    root = tree.parse(sys.argv[1]).getroot()
except tree.ParseError as error:
    print(error)
    sys.exit(1)
print(root.tag)
walk(root, "")
)python";

}  // namespace

std::vector<std::string> read_xml(std::string_view xml) {
  const TempFolder folder;
  write_text(folder / "read.py", script);
  write_text(folder / "document.xml", std::string(xml));
  const auto command =
      "python3 '" + (folder / "read.py") + "' '" + (folder / "document.xml") + "' 2>&1";
  FILE* output = popen(command.c_str(), "r");
  if (output == nullptr) throw std::runtime_error("unable to start python3");
  std::string text;
  std::array<char, 65536> buffer{};
  for (std::size_t bytes = 0; (bytes = fread(buffer.data(), 1, buffer.size(), output)) > 0;)
    text.append(buffer.data(), bytes);
  if (pclose(output) != 0) throw std::runtime_error("no XML: " + text);
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

}  // namespace devy::testing
