#include "check.h"
TEST(x){}
TEST_MAIN(TEST_CASE(x))
