# Epson TM-T88 (II to VII): 180 dots an inch, whose vertical steps are half a dot
dots = 512
dpi = 180
steps = 2
cutter = yes
feed = 24
status = yes
confirm = process
native_qr = yes
