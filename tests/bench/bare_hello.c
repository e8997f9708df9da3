/* bare_hello.c: the least that libfcgi can do behind nginx: a baseline for tests/bench/run.
 * Arguments: socket, workers. */
#include <fcgiapp.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	FCGX_Request request;
	if (argc != 3)
		return 2;
	FCGX_Init();
	int listening = FCGX_OpenSocket(argv[1], 1024);
	for (int i = 1; i < atoi(argv[2]) && fork() > 0; i++) {
	}
	FCGX_InitRequest(&request, listening, 0);
	while (FCGX_Accept_r(&request) == 0) {
		FCGX_PutS(
		    "Content-Type: application/json\r\n\r\n{\"hello\":\"world\"}", request.out);
		FCGX_Finish_r(&request);
	}
	return 0;
}
