#!/bin/bash
# ruleid: eval-of-input
eval "$1"
command="ls $2"
# ruleid: eval-of-input
eval "$command"
# ok: eval-of-input
eval "$(ssh-agent -s)"
# ok: eval-of-input
bash -c 'echo started'

# ruleid: download-piped-to-shell
curl -fsSL https://get.example.com/install | sh
# ruleid: download-piped-to-shell
wget -qO- https://get.example.com/install | sudo bash
# ok: download-piped-to-shell
curl -fsSL -o install.sh https://get.example.com/install
# ok: download-piped-to-shell
curl -fsS https://api.example.com/list | jq .

# ruleid: tls-verification-off
curl -sk https://intranet.example.com/list
# ruleid: tls-verification-off
wget --no-check-certificate https://intranet.example.com/list
# ok: tls-verification-off
curl -s --cacert ca.pem https://intranet.example.com/list
# ok: tls-verification-off
wget -q https://intranet.example.com/list

# ruleid: recursive-delete-unquoted
rm -rf $BUILD_DIR/out
# ruleid: recursive-delete-unquoted
rm -r -f ${CACHE}
# ok: recursive-delete-unquoted
rm -rf -- "${BUILD_DIR:?}/out"
# ok: recursive-delete-unquoted
rm -rf ./build

# ruleid: mode-for-everyone
chmod 777 /srv/upload
# ruleid: mode-for-everyone
chmod -R a+rw /srv/shared
# ok: mode-for-everyone
chmod 755 /usr/local/bin/tool
# ok: mode-for-everyone
chmod u+x run.sh

# ruleid: predictable-temp-file
echo "state" > /tmp/app-state
# ruleid: predictable-temp-file
date >> "/tmp/app.$$"
# ok: predictable-temp-file
echo "state" > "$(mktemp)"
# ok: predictable-temp-file
echo "state" > /var/lib/app/state

# ruleid: password-on-command-line
mysql -u shop -pWinter2023 shop
# ruleid: password-on-command-line
sshpass -p "$PASS" ssh backup.example.com
# ok: password-on-command-line
mysql --defaults-extra-file=/etc/shop/my.cnf shop
# ok: password-on-command-line
docker login --username shop --password-stdin < token

# ruleid: download-sourced
source <(curl -fsSL https://get.example.com/env.sh)
# ruleid: download-sourced
. /tmp/env.sh
# ok: download-sourced
source /etc/profile.d/app.sh
# ok: download-sourced
. "$HOME/.config/app/env"

# ruleid: ssh-host-key-ignored
ssh -o StrictHostKeyChecking=no deploy@example.com uptime
# ruleid: ssh-host-key-ignored
scp -o "StrictHostKeyChecking no" app.tar deploy@example.com:
# ok: ssh-host-key-ignored
ssh -o StrictHostKeyChecking=accept-new deploy@example.com uptime
# ok: ssh-host-key-ignored
ssh deploy@example.com uptime

# ruleid: token-in-header
curl -H "Authorization: Bearer abcdefabcdefabcdef00" https://api.example.com/
# ruleid: token-in-header
curl --header 'X-Api-Key: 00112233445566778899' https://api.example.com/
# ok: token-in-header
curl -H "Authorization: Bearer $TOKEN" https://api.example.com/
# ok: token-in-header
curl -H @headers.txt https://api.example.com/

# ruleid: git-tls-off
git -c http.sslVerify=false clone https://git.example.com/app.git
# ruleid: git-tls-off
export GIT_SSL_NO_VERIFY=1
# ok: git-tls-off
git config http.sslVerify true
# ok: git-tls-off
git clone https://git.example.com/app.git

# ruleid: sudo-without-password
echo "deploy ALL=(ALL) NOPASSWD: ALL" | tee /etc/sudoers.d/deploy
# ruleid: sudo-without-password
printf '%s\n' "ci ALL=(root) NOPASSWD:ALL" >> /etc/sudoers.d/ci
# ok: sudo-without-password
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart app" | tee /etc/sudoers.d/deploy
# ok: sudo-without-password
echo "deploy ALL=(ALL) ALL" | tee /etc/sudoers.d/deploy
