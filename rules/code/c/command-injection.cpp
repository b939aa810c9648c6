#include <cstdlib>
#include <string>

int main(int argc, char **argv)
{
    std::string line = std::string("tar xf ") + argv[1];
    // ruleid: command-injection
    system(line.c_str());
    std::string fixed = "tar xf backup.tar";
    // ok: command-injection
    system(fixed.c_str());
    return 0;
}
