#include "tests/support/process/peer.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace devy::testing {

std::vector<std::string> run_peer(const std::string& script,
                                  const std::vector<std::string>& arguments) {
  std::string command = "node '" DEVY_PEERS_FOLDER "/" + script + "'";
  for (const auto& argument : arguments)
    command += " '" + argument + "'";
  struct Close {
    void operator()(std::FILE* pipe) const { ::pclose(pipe); }
  };
  std::unique_ptr<std::FILE, Close> pipe(::popen(command.c_str(), "re"));
  if (!pipe) throw std::runtime_error("unable to run " + command);
  std::string output;
  std::array<char, 65536> chunk{};
  for (std::size_t count = 0; (count = std::fread(chunk.data(), 1, chunk.size(), pipe.get())) > 0;)
    output.append(chunk.data(), count);
  if (::pclose(pipe.release()) != 0) throw std::runtime_error("failed: " + command);
  std::vector<std::string> lines;
  std::istringstream text(output);
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  return lines;
}

std::string decode_base64(std::string_view text) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0, bits = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) break;
    buffer = (buffer << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((buffer >> bits) & 0xffU);
  }
  return bytes;
}

}  // namespace devy::testing
