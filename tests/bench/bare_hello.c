/* bare_hello.c: the least that libfcgi can do behind nginx: a baseline for tests/bench/run. */
#include <fcgiapp.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	FCGX_Request request;
	if (argc != 2)
		return 2;
	FCGX_Init();
	FCGX_InitRequest(&request, atoi(argv[1]), 0);
	while (FCGX_Accept_r(&request) == 0) {
		FCGX_PutS("Content-Type: application/json\r\n\r\n{\"hello\":\"world\"}", request.out);
		FCGX_Finish_r(&request);
	}
	return 0;
}
