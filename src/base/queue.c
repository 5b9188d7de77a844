/* A ring of pointers under a mutex, with a condition for each end. */
#include "base/queue.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/mem.h"

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled; /* an item came, or the queue closed */
    bool closed;
    size_t max, first, count;
    void *items[];
};

struct queue *queue_new(size_t max, struct err *err)
{
    struct queue *queue = mem_zero(1, sizeof *queue + max * sizeof queue->items[0]);

    if (queue == NULL) {
        err_memory(err);
        return NULL;
    }
    queue->max = max;
    if (pthread_mutex_init(&queue->mutex, NULL) != 0 || clock_cond_init(&queue->filled) != 0) {
        mem_free(queue);
        err_set(err, ERR_SYSTEM, "cannot make a queue between threads");
        return NULL;
    }
    return queue;
}

void queue_free(struct queue *queue)
{
    if (queue == NULL)
        return;
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->mutex);
    mem_free(queue);
}

bool queue_put(struct queue *queue, void *item)
{
    bool fits;

    pthread_mutex_lock(&queue->mutex);
    fits = !queue->closed && queue->count < queue->max;
    if (fits) {
        queue->items[(queue->first + queue->count) % queue->max] = item;
        queue->count++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->mutex);
    return fits;
}

void *queue_take(struct queue *queue, int64_t deadline_ms)
{
    void *item = NULL;

    pthread_mutex_lock(&queue->mutex);
    while (queue->count == 0 && !queue->closed && clock_mono() < deadline_ms)
        clock_wait(&queue->filled, &queue->mutex,
                   deadline_ms == INT64_MAX ? clock_mono() + 3600000 : deadline_ms);
    if (queue->count > 0) {
        item = queue->items[queue->first];
        queue->first = (queue->first + 1) % queue->max;
        queue->count--;
    }
    pthread_mutex_unlock(&queue->mutex);
    return item;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->mutex);
}
